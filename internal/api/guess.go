package api

import (
	"hash/maphash"
	"net"
	"sync"

	"golang.org/x/time/rate"
)

// guesses slows down whoever tries tokens, by address. A token cannot be guessed;
// this keeps the journal of failures and the database quiet. Addresses share a
// fixed number of places by their hash, so that no flood of addresses takes room:
// two that share one slow each other down, which is imperfect and harmless.
type guesses struct {
	every    rate.Limit
	forgiven int
	once     sync.Once
	seed     maphash.Seed
	places   [4096]*rate.Limiter
}

func (g *guesses) of(address string) *rate.Limiter {
	g.once.Do(func() {
		g.seed = maphash.MakeSeed()
		for i := range g.places {
			g.places[i] = rate.NewLimiter(g.every, g.forgiven)
		}
	})
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	return g.places[maphash.String(g.seed, address)%uint64(len(g.places))]
}

// allow reports whether a token from the address may be looked at; failed counts
// one that was none.
func (g *guesses) allow(address string) bool { return g.of(address).Tokens() >= 1 }

func (g *guesses) failed(address string) { g.of(address).Allow() }
