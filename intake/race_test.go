//go:build race

package intake_test

// underRace tells that the race detector is on, which makes everything eight times slower and larger.
const underRace = true
