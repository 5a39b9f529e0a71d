// Package web holds the front end. Its sources are TypeScript; this file only carries the built page, in dist, and the
// design that page and map share into the Go binary. It knows nothing of HTTP: whoever serves the page reads it from Dist.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist is the built page: index.html, assets/ with hashed names, fonts/, and beside each text file its .br and .gz form.
// It holds only .gitkeep when the page has not been built.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist
	}
	return sub
}

//go:embed src/ui/tokens.css src/ui/shapes.json
var design embed.FS

// Design is what page and map have in common: tokens.css names the colours, shapes.json draws the signs.
func Design() fs.FS {
	sub, err := fs.Sub(design, "src/ui")
	if err != nil {
		return design
	}
	return sub
}
