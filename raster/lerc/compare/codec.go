package main

import (
	"bytes"
	"encoding/binary"
	"os"

	"github.com/geoexport/geoexport/raster/lerc"
)

func encode[T lerc.Sample](to *machine, j *job) error {
	raw, err := os.ReadFile(j.Raw)
	if err != nil {
		return err
	}
	pix := make([]T, len(raw)/binary.Size(T(0)))
	if err := binary.Read(bytes.NewReader(raw), binary.LittleEndian, pix); err != nil {
		return err
	}
	m := &lerc.Image{Width: j.Width, Height: j.Height, Bands: j.Bands, Depth: j.Depth, Pix: pix}
	if j.Mask != "" {
		if m.Valid, err = os.ReadFile(j.Mask); err != nil {
			return err
		}
	}
	if err := to.ready(); err != nil {
		return err
	}
	var blob []byte
	o := &lerc.EncodeOptions{MaxZError: j.MaxZError, Version: j.Version}
	if o.Lerc1 = j.Version == 1; o.Lerc1 {
		o.Version = 0
	}
	for range j.Times {
		if blob, err = lerc.Append(blob[:0], m, o); err != nil {
			return err
		}
	}
	return os.WriteFile(j.Blob, blob, 0o644)
}

func decode[T lerc.Sample](to *machine, j *job) error {
	blob, err := os.ReadFile(j.Blob)
	if err != nil {
		return err
	}
	h, err := lerc.DecodeHeader(blob)
	if err != nil {
		return err
	}
	pix := make([]T, h.Bands*h.Width*h.Height*h.Depth)
	valid := make([]uint8, h.Masks*h.Width*h.Height)
	if err := to.ready(); err != nil {
		return err
	}
	for range j.Times {
		if err := lerc.DecodeInto(pix, valid, blob, nil); err != nil {
			return err
		}
	}
	if j.Raw == "" {
		return nil
	}
	var raw bytes.Buffer
	if err := binary.Write(&raw, binary.LittleEndian, pix); err != nil {
		return err
	}
	if err := os.WriteFile(j.Raw, raw.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(j.Mask, valid, 0o644)
}
