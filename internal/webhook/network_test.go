package webhook

import (
	"net/netip"
	"testing"
)

func TestWhichAddressesAreOfTheOpenNetwork(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "2400:3200::1": true, "127.0.0.1": false, "10.1.2.3": false, "172.20.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.1.1": false, "0.0.0.0": false, "255.255.255.255": false, "224.0.0.1": false, "::1": false, "::ffff:10.0.0.1": false, "fe80::1": false,
		"fc00::1": false, "64:ff9b::a00:1": false, "2002:a00:1::1": false, "198.18.0.1": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s public: %v", text, got)
		}
	}
}
