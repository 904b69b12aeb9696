package kmz_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"

	"github.com/geoexport/geoexport/kmz"
)

// An image of half a degree across becomes an overlay that viewers draw on the globe.
func ExampleWrite() {
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewNRGBA(image.Rect(0, 0, 100, 100))); err != nil {
		fmt.Println(err)
		return
	}
	var out bytes.Buffer
	err := kmz.Write(&out, kmz.Overlay{
		Name: "Zion", West: -113.25, South: 37, East: -112.75, North: 37.5, Image: file.Bytes(), Ext: "png",
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range archive.File {
		fmt.Println(f.Name)
	}
	doc, err := archive.Open("doc.kml")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer doc.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(doc); err != nil {
		fmt.Println(err)
		return
	}
	text.WriteTo(os.Stdout)
	// Output:
	// doc.kml
	// files/image.png
	// <?xml version="1.0" encoding="UTF-8"?>
	// <kml xmlns="http://www.opengis.net/kml/2.2">
	//   <GroundOverlay>
	//     <name>Zion</name>
	//     <Icon>
	//       <href>files/image.png</href>
	//     </Icon>
	//     <LatLonBox>
	//       <north>37.5</north>
	//       <south>37</south>
	//       <east>-112.75</east>
	//       <west>-113.25</west>
	//     </LatLonBox>
	//   </GroundOverlay>
	// </kml>
}
