// Package kmz writes a picture as a KML ground overlay in a zip archive, which is what globes and maps open as KMZ.
//
//	overlay.kmz
//	├── doc.kml            GroundOverlay: name, description, Icon, LatLonBox
//	└── files/image.png    the picture
//
// The element names and their meaning are those of OGC KML 2.2 (OGC 07-147r2). A viewer stretches the picture evenly
// over degrees of longitude and latitude, so it must have been drawn in WGS 84 longitude and latitude (EPSG:4326), with
// north up: the package neither warps nor rotates. It reads no KMZ either.
//
// Every function is safe for concurrent use. The same overlay always gives the same bytes.
package kmz
