package rest_test

import "github.com/geoexport/geoexport/internal/servicetest"

// The fixtures that these tests share with those of other packages.
var (
	crs     = servicetest.CRS
	service = servicetest.Service
	ramp    = servicetest.Ramp
	world   = servicetest.World
	parse   = servicetest.Parse
	export  = servicetest.Export

	exportErr = servicetest.ExportError
	demo      = servicetest.Demo
	bands3    = servicetest.Bands3
	scene     = servicetest.Scene
	classes   = servicetest.Classes
	logger    = servicetest.Logger
)
