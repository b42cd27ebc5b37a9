package meter

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the addresses of reverse proxies whose word about the client is
// taken. The zero value trusts nobody.
type Proxies []netip.Prefix

// ParseProxies reads addresses and prefixes: 127.0.0.1, 10.0.0.0/8, ::1.
func ParseProxies(all []string) (Proxies, error) {
	var out Proxies
	for _, s := range all {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			a, addrErr := netip.ParseAddr(s)
			if addrErr != nil {
				return nil, fmt.Errorf("%q is neither an address (10.0.0.7) nor a prefix (10.0.0.0/8)", s)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

func (p Proxies) trusts(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(x netip.Prefix) bool { return x.Contains(a.Unmap()) })
}

// Client gives the handler requests whose RemoteAddr is the client's: behind
// trusted proxies the last address of X-Forwarded-For that is no trusted proxy's,
// otherwise that of the connection. What a client wrote into the header itself
// stands before that one and is never taken.
func (p Proxies) Client(next http.Handler) http.Handler {
	if len(p) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a, ok := p.client(r); ok {
			r2 := *r
			r2.RemoteAddr = net.JoinHostPort(a.String(), "0")
			r = &r2
		}
		next.ServeHTTP(w, r)
	})
}

func (p Proxies) client(r *http.Request) (netip.Addr, bool) {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !p.trusts(from.Addr()) {
		return netip.Addr{}, false
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return netip.Addr{}, false // a proxy that writes nonsense is not believed further
		}
		if !p.trusts(a) {
			return a.Unmap(), true
		}
	}
	return netip.Addr{}, false
}
