package main

import (
	"net/http"

	"github.com/geoexport/geoexport"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/source/diskcache"
	"github.com/geoexport/geoexport/raster/source/httpsource"
)

const wholeBytes = 8 << 20 // of a document on a server that does not send parts of files

// schemes are how URLs are opened.
type schemes struct {
	web  source.Schemes
	disk *diskcache.Cache // nil if nothing is kept
}

func openSchemes(o options) (s schemes, err error) {
	s.web = geoexport.Schemes()
	if o.private {
		s.web = (&httpsource.Client{HTTP: http.DefaultClient, Whole: wholeBytes}).Schemes()
	}
	if o.keep != "" {
		if s.disk, err = diskcache.Open(o.keep, nil); err != nil {
			return schemes{}, err
		}
		s.web = s.disk.Schemes(s.web)
	}
	return s, nil
}

// Close lets go of what is kept, which stays for the next run.
func (s schemes) Close() {
	if s.disk != nil {
		_ = s.disk.Close() // what was kept is only a copy
	}
}
