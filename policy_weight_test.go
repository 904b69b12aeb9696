package geoexport_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestExportsNeedNoServer: a program that draws images and does not serve them links no HTTP, no network and no testing.
func TestExportsNeedNoServer(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("NOT CHECKED: there is no go command")
	}
	out, err := exec.CommandContext(t.Context(), goTool, "list", "-deps", "./exportimage/params", "./raster/geotiff", "./kmz").Output()
	require.NoError(t, err)
	packages := strings.Fields(string(out))
	require.Contains(t, packages, "github.com/geoexport/geoexport/exportimage")
	for _, heavy := range []string{"net", "net/http", "crypto/tls", "testing", "os/exec", "html/template"} {
		assert.NotContains(t, packages, heavy)
	}
}
