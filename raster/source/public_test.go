package source_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/source"
)

func TestPublicAddress(t *testing.T) {
	for _, a := range []string{"8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "2606:4700::1111", "::ffff:8.8.8.8"} {
		assert.True(t, source.PublicAddress(netip.MustParseAddr(a)), a)
	}
	for _, a := range []string{"0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.0.1",
		"192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",
		"::7f00:1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "100::1", "2001:db8::1", "2002:a00:1::", "fc00::1", "fe80::1%eth0", "fec0::1", "ff02::1"} {
		assert.False(t, source.PublicAddress(netip.MustParseAddr(a)), a)
	}
	assert.False(t, source.PublicAddress(netip.Addr{}))
}

// TestPublicOnly: a client with it does not get at a server of this machine, also by a name.
func TestPublicOnly(t *testing.T) {
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	dialer := &net.Dialer{Control: source.PublicOnly}
	client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}}
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	for _, url := range []string{server.URL, "http://localhost:" + port} {
		_, err := client.Get(url)
		_, ok := errors.AsType[*source.AddressError](err)
		assert.True(t, ok, "%v", err)
	}
	assert.False(t, asked)
	require.Error(t, source.PublicOnly("tcp", "no address", nil))
}
