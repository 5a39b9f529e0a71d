package style

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"slices"
)

// A sprite is the icons of a theme on one sheet, at one and at two device pixels to a CSS pixel.
type sprite struct {
	version string
	files   map[string][]byte // by the ending of their address: .json, .png, @2x.json, @2x.png
}

// sheetWidth is where a row of icons ends, CSS pixels.
const sheetWidth = 256

// A cutting says where an icon lies on the sheet, in the sheet's own pixels.
type cutting struct {
	X          int      `json:"x"`
	Y          int      `json:"y"`
	Width      int      `json:"width"`
	Height     int      `json:"height"`
	PixelRatio int      `json:"pixelRatio"`
	StretchX   [][2]int `json:"stretchX,omitempty"`
	StretchY   [][2]int `json:"stretchY,omitempty"`
	Content    []int    `json:"content,omitempty"`
}

func newSprite(theme Theme, colours palette, shapes map[string]shape) (*sprite, error) {
	all, err := icons(theme, colours, shapes)
	if err != nil {
		return nil, err
	}
	// In rows from the tallest to the lowest, always in the same order.
	slices.SortFunc(all, func(a, b icon) int { return cmp.Or(cmp.Compare(b.height, a.height), cmp.Compare(a.name, b.name)) })
	s := &sprite{files: map[string][]byte{}}
	sum := sha256.New()
	for ratio, suffix := range map[int]string{1: "", 2: "@2x"} {
		sheet, index := lay(all, ratio)
		var b bytes.Buffer
		if err := png.Encode(&b, sheet); err != nil {
			return nil, fmt.Errorf("write the sheet: %w", err)
		}
		s.files[suffix+".png"] = b.Bytes()
		if s.files[suffix+".json"], err = json.Marshal(index); err != nil {
			return nil, fmt.Errorf("write the index: %w", err)
		}
	}
	for _, suffix := range []string{".json", ".png", "@2x.json", "@2x.png"} {
		sum.Write(s.files[suffix])
	}
	s.version = hex.EncodeToString(sum.Sum(nil)[:6])
	return s, nil
}

// lay draws icons on a sheet, row by row with a pixel between them.
func lay(all []icon, ratio int) (*image.NRGBA, map[string]cutting) {
	const gap = 1
	index := map[string]cutting{}
	x, y, row, bottom := 0, 0, 0, 0
	for _, i := range all {
		if x+i.width > sheetWidth {
			x, y, row = 0, y+row+gap, 0
		}
		index[i.name] = cutting{X: x * ratio, Y: y * ratio, Width: i.width * ratio, Height: i.height * ratio, PixelRatio: ratio,
			StretchX: spans(i.stretchX, ratio), StretchY: spans(i.stretchY, ratio), Content: times(i.content, ratio)}
		x, row = x+i.width+gap, max(row, i.height)
		bottom = max(bottom, y+i.height)
	}
	sheet := image.NewNRGBA(image.Rect(0, 0, sheetWidth*ratio, bottom*ratio))
	for _, i := range all {
		c := index[i.name]
		part := sheet.SubImage(image.Rect(c.X, c.Y, c.X+c.Width, c.Y+c.Height)).(*image.NRGBA)
		i.draw(&canvas{img: part, scale: float64(ratio)})
	}
	return sheet, index
}

func times(values []int, by int) []int {
	var all []int
	for _, v := range values {
		all = append(all, v*by)
	}
	return all
}

func spans(span []int, by int) [][2]int {
	if len(span) != 2 {
		return nil
	}
	return [][2]int{{span[0] * by, span[1] * by}}
}
