package siting

import "math"

// A climb raises a lower bound that is a concave function of prices, by subgradient steps towards a goal that the bound
// cannot pass: the value of a plan (Held, Wolfe & Crowder 1974). Each step keeps part of the way of the steps before it, which
// damps the zigzag (Camerini, Fratta & Maffioli 1975, Mathematical Programming Study 3). After some steps in vain it goes
// back to the best prices, and on in smaller steps.
type climb struct {
	prices  []float64
	ceiling []float64 // of prices, which are not negative
	best    float64

	at   []float64 // the prices of best
	way  []float64
	idle int
	pace float64
}

func newClimb(prices, ceiling []float64) *climb {
	return &climb{prices: prices, ceiling: ceiling, best: math.Inf(-1), at: make([]float64, len(prices)), way: make([]float64, len(prices)), pace: 1}
}

// These were found by trying on generated cities.
const (
	kept    = 0.75 // of the way of the steps before
	patient = 6    // steps in vain
	worthy  = 1e-5 // the part of the gap that a step must close not to be in vain
)

// see takes note of the bound at the prices in hand.
func (c *climb) see(bound, goal float64) {
	c.idle++
	if bound > c.best {
		if !(bound <= c.best+worthy*(goal-c.best)) {
			c.idle = 0
		}
		c.best = bound
		copy(c.at, c.prices)
	}
}

// step moves the prices along the slope of the bound; false when there is nowhere to go.
func (c *climb) step(bound, goal float64, slope []float64) bool {
	if c.idle >= patient {
		c.idle, c.pace = 0, c.pace/2
		copy(c.prices, c.at)
		clear(c.way)
		return c.pace > 1e-4
	}
	square := 0.0
	for i, g := range slope {
		if g > 0 && c.prices[i] >= c.ceiling[i] || g < 0 && c.prices[i] <= 0 {
			g = 0
		}
		c.way[i] = kept*c.way[i] + (1-kept)*g
		square += c.way[i] * c.way[i]
	}
	if square == 0 {
		return false
	}
	size := c.pace * (goal - bound) / square
	for i, d := range c.way {
		c.prices[i] = min(max(c.prices[i]+size*d, 0), c.ceiling[i])
	}
	return true
}
