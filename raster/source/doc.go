// Package source reads the bytes of raster files by offset, wherever they are: on disk, in memory, or behind a network.
//
// A Source has a size and reads at an offset under a context. Formats such as raster/geotiff take one instead of a file
// name. Open and OpenFS make one of a file, and FromReaderAt of anything that reads at offsets, such as a bytes.Reader:
//
//	src, err := source.Open("scene.tif")
//	if err != nil {
//		return err
//	}
//	defer src.Close()
//	f, err := geotiff.Open(ctx, src, nil)
//
// # Sources that are far away
//
// For an object store or an HTTP server, implement Source, and RangeReader too: a format that finds the latter asks for
// all the pieces that a window needs in one call, so that the source can join near ones and fetch the others side by
// side.
//
// Each layer has its own duty:
//
//   - Retrying is the source's. Formats never repeat a read: an error ends what it was read for, and is wrapped in
//     theirs. A source that retries does so until the context is done.
//   - Caching bytes is the source's too, or that of a Source wrapped around it. Formats keep what they decoded in a
//     raster.Cache, not the bytes that it came from; so a piece is seldom asked for twice while that cache holds it, but
//     may be at any time.
//   - Limiting the number of requests in flight is the source's. A format reads from up to GOMAXPROCS goroutines for
//     each window that it is asked for.
//   - Noticing that the file has changed since it was opened is the source's: it is Identified, or fails reads from then
//     on. Formats ask for the identity after each window that they read, and then give up what they have, since bytes of
//     two versions must not be mixed.
//
// # Files that change
//
// A File is known by its device, inode, size and times, as far as the system states them. These are compared after each
// window, which takes less than a microsecond, and a difference is a *ChangedError. A file that was written less than a
// tenth of a second ago is not used before that time has passed without a change (see Settle): a program may be about
// to write the rest, and file systems date changes in steps, so that the next one could have the same date. What cannot
// be noticed is a program that pauses for longer in the middle of a file, or on Windows one that sets back the time of
// a file of the same size. To replace a file safely, write another one and rename it.
package source
