package sidecar_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
)

// TestSlices: the items are those that gdal_translate of GDAL 3.6 copies from a netCDF file.
func TestSlices(t *testing.T) {
	m, err := sidecar.ParseGDALMetadata([]byte(`<GDALMetadata>
  <Item name="NETCDF_DIM_EXTRA">{time,depth}</Item>
  <Item name="time#units">days since 2000-01-01 00:00:00</Item>
  <Item name="depth#units">m</Item><Item name="depth#positive">down</Item>
  <Item name="temp#long_name">sea temperature</Item>
  <Item name="NETCDF_DIM_depth" sample="0">50</Item><Item name="NETCDF_DIM_time" sample="0">31</Item>
  <Item name="NETCDF_VARNAME" sample="0">temp</Item><Item name="units" sample="0">degC</Item>
  <Item name="NETCDF_DIM_level" sample="1">1</Item><Item name="NETCDF_DIM_time" sample="1">60.5</Item>
  <Item name="DESCRIPTION" sample="1" role="description">salt</Item>
  <Item name="NETCDF_VARNAME" sample="2">mask</Item>
  <Item name="NETCDF_VARNAME" sample="3">odd</Item><Item name="NETCDF_DIM_time" sample="3">soon</Item>
  <Item name="NETCDF_VARNAME" sample="4">odd</Item><Item name="NETCDF_DIM_time" sample="4">1e300</Item>
  <Item name="NETCDF_DIM_time" sample="5">3</Item>
</GDALMetadata>`), 7)
	require.NoError(t, err)
	info := raster.Info{Bands: make([]raster.Band, 7)}
	notes := m.Describe(&info)
	assert.Equal(t, &raster.Slice{
		Variable: "temp", Description: "sea temperature", Unit: "degC", Coordinates: []raster.Coordinate{
			{Dimension: "StdTime", Alias: "time", Unit: "ISO8601", Time: true, Value: 949363200000},
			{Dimension: "StdZ", Alias: "depth", Unit: "m", Value: -50},
		},
	}, info.Bands[0].Slice)
	assert.Equal(t, &raster.Slice{Variable: "salt", Coordinates: []raster.Coordinate{
		{Dimension: "StdTime", Alias: "time", Unit: "ISO8601", Time: true, Value: 951912000000},
		{Dimension: "level", Value: 1},
	}}, info.Bands[1].Slice, "the band's description is its variable; dimensions that are not listed come last")
	assert.Equal(t, &raster.Slice{Variable: "mask"}, info.Bands[2].Slice)
	for _, b := range info.Bands[3:] {
		assert.Nil(t, b.Slice)
	}
	assert.Equal(t, []string{
		`band 3: its place "soon" along dimension "time" is no number: it counts as no slice`,
		`band 4: its place "1e300" along dimension "time" is no time: it counts as no slice`,
	}, notes)
}

// TestSlicesOfTwoTimes: two dimensions are times, and only the first can be StdTime; units that are not understood are noted
// once.
func TestSlicesOfTwoTimes(t *testing.T) {
	m, err := sidecar.ParsePAM([]byte(`<PAMDataset><Metadata>
  <MDI key="run#units">hours since 2020-01-01</MDI><MDI key="lead#units">hours since 2020-01-01</MDI>
  <MDI key="month#units">months since 2020-01-01</MDI><MDI key="NETCDF_DIM_EXTRA">{run,lead,month}</MDI></Metadata>
  <PAMRasterBand band="1"><Metadata><MDI key="NETCDF_VARNAME">t</MDI><MDI key="NETCDF_DIM_run">0</MDI>
    <MDI key="NETCDF_DIM_lead">6</MDI><MDI key="NETCDF_DIM_month">2</MDI></Metadata></PAMRasterBand>
  <PAMRasterBand band="2"><Metadata><MDI key="NETCDF_VARNAME">t</MDI><MDI key="NETCDF_DIM_month">3</MDI></Metadata></PAMRasterBand>
</PAMDataset>`), 2)
	require.NoError(t, err)
	info := raster.Info{Bands: make([]raster.Band, 2)}
	notes := m.Describe(&info)
	assert.Equal(t, []raster.Coordinate{
		{Dimension: "StdTime", Alias: "run", Unit: "ISO8601", Time: true, Value: 1577836800000},
		{Dimension: "lead", Unit: "hours since 2020-01-01", Value: 6},
		{Dimension: "month", Unit: "months since 2020-01-01", Value: 2},
	}, info.Bands[0].Slice.Coordinates)
	assert.Len(t, notes, 1)
	assert.Contains(t, notes[0], `dimension "month" is not read as time`)
}
