// Package httpsource reads raster files from HTTP servers and object stores by ranges of bytes, and lets nothing wrong
// pass for their content. A Client opens URLs:
//
//	client := &httpsource.Client{}
//	src, err := client.Open(ctx, "https://example.com/scene.tif")
//	if err != nil {
//		return err
//	}
//	f, err := geotiff.Open(ctx, src, nil)
//
// # Requests
//
// Everything is a GET with a Range, also the first request, since signed URLs often allow no HEAD. The first one asks for
// 16 KiB, which hold all directories of a usual cloud-optimized GeoTIFF. Further reads of the structure read ahead, each
// time four times as far. The ranges of a window are merged over small gaps, split where they are long, and fetched side
// by side; those who want bytes that are already on the way wait for them.
//
// # What is checked
//
// Each answer must be the part that was asked for, by its status, Content-Range and length, without a content encoding. A
// server that ignores Range is refused, or its file is kept in memory if Client.Whole allows its size. An answer that is
// cut off, late, or says that the server is busy is asked for again, with growing pauses and as long as the context
// allows; after Client.Retries attempts the read fails with a *source.FarError that names the URL, without its query and
// credentials, and what happened. Failures are never remembered.
//
// # Versions
//
// A Source belongs to the version of the file that Open met. Requests carry If-Match with the ETag, or
// If-Unmodified-Since, and ETag, date and size of each answer are compared besides, for servers that ignore these. When
// another version shows, reads fail with a *source.ChangedError from then on, and the file has to be opened again. A
// server that states neither ETag nor Last-Modified makes its files' versions known by their size alone.
//
// # Addresses
//
// The client that is used if none is given connects to addresses on the public internet only, which is checked when it
// dials, so that neither redirects nor names that resolve otherwise the second time lead anywhere else. Give
// Client.HTTP to read from a private network.
package httpsource
