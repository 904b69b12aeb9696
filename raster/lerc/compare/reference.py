"""Esri's library (liblerc, which GDAL uses), by its C interface, and our program."""

import ctypes as C
import json
import os
import subprocess
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"]


class Esri:
    def __init__(self):
        self.lib = C.CDLL("libLerc.so.4")

    def encode(self, pix, mask=None, error=0.0, version=-1, times=1):
        """Encodes pix of shape (bands, rows, columns, depth), and returns the blob and the seconds of one encoding."""
        bands, rows, columns, depth = pix.shape
        pix = np.ascontiguousarray(pix)
        masks, bits = 0, None
        if mask is not None:
            mask = np.ascontiguousarray(mask != 0).astype(np.uint8)
            masks, bits = (1 if mask.ndim == 2 else bands), mask.ctypes.data_as(C.c_char_p)
        size, n = pix.nbytes * 2 + 100000, C.c_uint(0)
        out = C.create_string_buffer(size)
        start = time.process_time()
        for _ in range(times):
            code = self.lib.lerc_encodeForVersion(
                pix.ctypes.data_as(C.c_void_p), version, C.c_uint(TYPES.index(pix.dtype.name)), depth, columns, rows,
                bands, masks, bits, C.c_double(error), out, C.c_uint(size), C.byref(n))
        seconds = (time.process_time() - start) / times
        if code:
            raise RuntimeError("liblerc: encode: error %d" % code)
        return out.raw[:n.value], seconds

    def decode(self, blob, times=1):
        """Returns samples, masks (None for none) and the seconds of one decoding."""
        info, ranges = (C.c_uint * 11)(), (C.c_double * 3)()
        code = self.lib.lerc_getBlobInfo(blob, len(blob), info, ranges, 11, 3)
        if code:
            raise RuntimeError("liblerc: info: error %d" % code)
        kind, depth, columns, rows, bands, masks = info[1], info[2], info[3], info[4], info[5], info[8]
        pix = np.zeros((bands, rows, columns, depth), TYPES[kind])
        mask = np.ones((max(1, masks), rows, columns), np.uint8)
        start = time.process_time()
        for _ in range(times):
            code = self.lib.lerc_decode(blob, len(blob), masks, mask.ctypes.data_as(C.c_char_p), depth, columns, rows,
                                        bands, C.c_uint(kind), pix.ctypes.data_as(C.c_void_p))
        seconds = (time.process_time() - start) / times
        if code:
            raise RuntimeError("liblerc: decode: error %d" % code)
        return pix, (mask if masks else None), seconds


class Ours:
    """The program of this folder, measured by the CPU clock of its process."""

    def __init__(self, folder):
        self.folder = folder
        program = os.path.join(folder, "compare")
        subprocess.run(["go", "build", "-o", program, "."], cwd=HERE, check=True)
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.clock = (~self.process.pid << 3) | 2  # clock_getcpuclockid(3) on Linux

    def do(self, **job):
        print(json.dumps(job), file=self.process.stdin, flush=True)
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("our program has ended: see its error above")
        start = time.clock_gettime(self.clock)
        print("{}", file=self.process.stdin, flush=True)
        if self.process.stdout.readline() != "done\n":
            raise RuntimeError("our program has ended: see its error above")
        return (time.clock_gettime(self.clock) - start) / job["Times"]

    def path(self, name):
        return os.path.join(self.folder, name)

    def encode(self, pix, mask=None, error=0.0, version=0, times=1):
        bands, rows, columns, depth = pix.shape
        pix.tofile(self.path("raw"))
        if mask is not None:
            (mask != 0).astype(np.uint8).tofile(self.path("mask"))
        seconds = self.do(Do="encode", Type=pix.dtype.name, Width=columns, Height=rows, Bands=bands, Depth=depth,
                          MaxZError=error, Version=version, Times=times, Raw=self.path("raw"), Blob=self.path("blob"),
                          Mask="" if mask is None else self.path("mask"))
        with open(self.path("blob"), "rb") as f:
            return f.read(), seconds

    def decode(self, blob, shape, kind, times=1):
        with open(self.path("blob"), "wb") as f:
            f.write(blob)
        seconds = self.do(Do="decode", Type=kind, Times=times, Raw=self.path("out"), Mask=self.path("outmask"),
                          Blob=self.path("blob"))
        mask = np.fromfile(self.path("outmask"), np.uint8)
        return (np.fromfile(self.path("out"), kind).reshape(shape),
                mask.reshape((-1,) + tuple(shape[1:3])) if mask.size else None, seconds)

    def close(self):
        self.process.communicate()
