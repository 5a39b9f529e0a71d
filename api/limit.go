package api

import (
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"
)

// A limiter bounds how often one caller may do something: a bucket of tokens for each address, of which the most recent ones
// are remembered. Addresses are in memory only and are never written anywhere.
type limiter struct {
	rate    rate.Limit
	burst   int
	buckets *lru.Cache[netip.Prefix, *rate.Limiter]
	now     func() time.Time
}

const rememberedCallers = 10_000

func newLimiter(every time.Duration, burst int, now func() time.Time) *limiter {
	buckets, _ := lru.New[netip.Prefix, *rate.Limiter](rememberedCallers) // fails for a size below 1 only
	return &limiter{rate.Every(every), burst, buckets, now}
}

// take takes a token, which giveBack returns; without one left it tells how long to wait.
func (l *limiter) take(who netip.Prefix) (giveBack func(), wait time.Duration) {
	now := l.now()
	fresh := rate.NewLimiter(l.rate, l.burst)
	bucket, known, _ := l.buckets.PeekOrAdd(who, fresh)
	if !known {
		bucket = fresh
	}
	l.buckets.Get(who) // is the latest to be remembered
	r := bucket.ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return nil, wait
	}
	return func() { r.CancelAt(now) }, 0 // as though it had not been taken: later it would be too late to cancel
}

// limit lets callers through as often as l allows. What does not come to the status that counts costs nothing; 0: all counts.
func limit(a huma.API, l *limiter, counts int) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		giveBack, wait := l.take(callerOf(humaecho.Unwrap(ctx).RealIP()))
		if wait > 0 {
			ctx.SetHeader("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
			_ = huma.WriteErr(a, ctx, http.StatusTooManyRequests, "too many requests from this address")
			return
		}
		next(ctx)
		if counts != 0 && ctx.Status() != counts {
			giveBack()
		}
	}
}

// callerOf is the network that one caller is taken to have: an IPv4 address, or the /64 that a line is given.
func callerOf(ip string) netip.Prefix {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return netip.Prefix{}
	}
	bits := 64
	if a = a.Unmap(); a.Is4() {
		bits = 32
	}
	p, _ := a.WithZone("").Prefix(bits)
	return p
}

// addressBehind finds the caller's address: what X-Forwarded-For says, as far back as it was written by a proxy that is
// trusted, or by one on this machine.
func addressBehind(proxies []netip.Prefix) echo.IPExtractor {
	trusted := []echo.TrustOption{echo.TrustLoopback(true), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		trusted = append(trusted, echo.TrustIPRange(&net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(trusted...)
}
