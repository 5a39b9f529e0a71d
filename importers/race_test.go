//go:build race

package importers

// underRace tells that the race detector is on, which makes everything eight times slower.
const underRace = true
