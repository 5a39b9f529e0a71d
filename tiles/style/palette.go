package style

import (
	"fmt"
	"image/color"
	"maps"
	"strconv"
	"strings"
)

// A palette is the colours of one theme by the names of their tokens.
type palette map[string]string

// palettes reads the colours of both themes from the page's style sheet, so that page and map cannot drift apart. The
// tokens of the dark theme stand behind its media query; those that are not repeated there are the same in both.
func palettes(css string) (light, dark palette, err error) {
	bright, dim, found := strings.Cut(css, "(prefers-color-scheme: dark)")
	if !found {
		return nil, nil, fmt.Errorf("the tokens have no dark theme")
	}
	light = palette{}
	light.read(bright)
	dark = maps.Clone(light)
	dark.read(dim)
	return light, dark, nil
}

func (p palette) read(css string) {
	for line := range strings.Lines(css) {
		name, value, found := strings.Cut(strings.TrimSpace(line), ":")
		if token, isToken := strings.CutPrefix(name, "--"); found && isToken {
			p[token] = strings.TrimSuffix(strings.TrimSpace(value), ";")
		}
	}
}

// rgb is the colour of a token that is written #rrggbb.
func (p palette) rgb(token string) (color.NRGBA, error) {
	hex, isHex := strings.CutPrefix(p[token], "#")
	v, err := strconv.ParseUint(hex, 16, 24)
	if !isHex || len(hex) != 6 || err != nil {
		return color.NRGBA{}, fmt.Errorf("token --%s: %q is no colour of the form #rrggbb", token, p[token])
	}
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}, nil
}
