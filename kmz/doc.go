// Package kmz writes an image as a KMZ file, for viewers such as Google Earth: a KML ground overlay and the image in a
// zip archive. Fill in an Overlay and call Write.
//
//	overlay.kmz
//	├── doc.kml            GroundOverlay: name, description, Icon, LatLonBox
//	└── files/image.png    the image
//
// The element names and their meaning are those of OGC KML 2.2 (OGC 07-147r2). A viewer stretches the image evenly
// over degrees of longitude and latitude, so it must have been drawn in WGS 84 longitude and latitude (EPSG:4326), with
// north up: the package neither warps nor rotates. It reads no KMZ either.
//
// Every function is safe for concurrent use. The same overlay always gives the same bytes.
package kmz
