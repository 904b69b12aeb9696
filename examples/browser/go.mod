module github.com/geoexport/geoexport/examples/browser

go 1.26.0

require (
	github.com/geoexport/geoexport v0.0.0
	github.com/nlepage/go-wasm-http-server/v2 v2.2.1
)

require (
	github.com/go-spatial/proj v0.3.0 // indirect
	github.com/google/tiff v0.0.0-20161109161721-4b31f3041d9a // indirect
	github.com/hack-pad/safejs v0.1.1 // indirect
	github.com/klauspost/compress v1.20.3 // indirect
	github.com/nlepage/go-js-promise v1.0.0 // indirect
	github.com/tidwall/geodesic v1.52.4 // indirect
	github.com/tidwall/geoindex v1.7.0 // indirect
	github.com/tidwall/rtree v1.10.0 // indirect
	github.com/twpayne/go-kml/v3 v3.2.1 // indirect
	github.com/ulikunitz/xz v0.5.17 // indirect
	golang.org/x/image v0.47.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/geoexport/geoexport => ../..
