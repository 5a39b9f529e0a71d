//go:build !race

package importers

const underRace = false
