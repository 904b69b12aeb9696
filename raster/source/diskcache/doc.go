// Package diskcache keeps parts of files that are far away on the disk, so that they are fetched once, also by programs
// that are started again and by several that run at the same time.
//
//	cache, err := diskcache.Open("/var/cache/rasters", nil)
//	if err != nil {
//		return err
//	}
//	defer cache.Close()
//	far, err := client.Open(ctx, url) // an *httpsource.Source
//	if err != nil {
//		return err
//	}
//	f, err := geotiff.Open(ctx, cache.Source(url, far), nil)
//
// A file is kept in pages, each in a file of its own that is named by a hash of the source's key, its identity and the
// page's number. Another version of a source has another identity, and so its pages are never taken for those of this one. A
// page has a checksum (CRC-32C); one that is damaged is fetched again.
//
// Programs share a directory without speaking to each other: pages appear whole, by a rename, and one that another
// program removed is fetched again. Each program counts what it adds, and when that exceeds the budget it looks at all pages
// and removes those that were used least recently, down to nine tenths. So n programs may exceed the budget by what n-1 of
// them added since they looked.
//
// A disk that is full or fails costs speed and never an answer: the pages are fetched from their source. Cache.Err
// returns what happened last.
package diskcache
