package main

// A Job asks a worker, ours or GDAL's, for one picture. It travels as a line of JSON.
type Job struct {
	Op            string // of ours alone: "" exports, "stream" does so with ExportTo, "decode" and "encode" are floors
	Source        string // a path, or a URL; a folder of scenes for ours, and a VRT of them for GDAL
	Mosaic        bool   // Source is a folder of scenes
	Cold          bool   // the raster is opened anew, and nothing of it is in caches
	Cores         int
	Box           [4]float64 // x and y of the lower left corner and of the upper right one, in SR
	SR            int
	Width, Height int
	Kernel        string
	Format        string
	Function      string // "", "hillshade" or "ndvi"
	Exact         bool   // GDAL maps every pixel by itself, in place of up to an eighth of a pixel beside its place
	Out           string // if not empty, the file to which the picture is written
}

// An Answer is what a worker says of a Job.
type Answer struct {
	Seconds float64 // of the clock, measured by the worker around what it was asked for
	CPU     float64 // seconds of CPU time; 0 if the worker does not know
	Bytes   int64   // of the picture
	Error   string
}
