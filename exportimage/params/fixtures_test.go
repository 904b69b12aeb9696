package params_test

import "github.com/geoexport/geoexport/internal/servicetest"

// The fixtures that these tests share with those of other packages.
var (
	crs     = servicetest.CRS
	service = servicetest.Service
	world   = servicetest.World
	parse   = servicetest.Parse

	exportValues = servicetest.ExportValues
)
