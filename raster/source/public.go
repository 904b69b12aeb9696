package source

import (
	"fmt"
	"net/netip"
	"syscall"
)

// An AddressError reports an address that is not on the public internet.
type AddressError struct{ Addr netip.Addr }

func (e *AddressError) Error() string {
	return fmt.Sprintf("source: %v is not a public address", e.Addr)
}

// PublicAddress reports whether an address is on the public internet: not of this machine, a private network, a link, a
// group of receivers, or reserved.
func PublicAddress(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsValid() || !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// reserved are the networks of IANA's registries of special-purpose addresses that netip does not know, and those that
// hold addresses of IPv4 inside IPv6, behind which there may be anything.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // between providers and their customers; metadata of some clouds
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

// PublicOnly is a net.Dialer's Control that refuses addresses which are not public, after a name was resolved and
// before anything is sent. With it, an HTTP client can be given URLs of strangers, redirects included:
//
//	dialer := &net.Dialer{Control: source.PublicOnly}
//	client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}}
func PublicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	if !PublicAddress(at.Addr()) {
		return &AddressError{at.Addr()}
	}
	return nil
}
