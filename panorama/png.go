package panorama

import (
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"

	"kora"
)

// pngStart is how every PNG begins: its signature, and the length and type of the first chunk.
const pngStart = "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"

// Kinds of colour in a PNG (ISO/IEC 15948, table 11.1).
const (
	pngTrueColour = 2
	pngPalette    = 3
	pngWithAlpha  = 6
)

// readPNGHeader reads what stands behind pngStart. Of a PNG's other chunks none is looked at.
func readPNGHeader(r io.Reader) (h header, err error) {
	var b [13]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return h, notPNG(err)
	}
	h.png = true
	width, height := binary.BigEndian.Uint32(b[:]), binary.BigEndian.Uint32(b[4:])
	if width > 1<<24 || height > 1<<24 {
		return h, notPNG(png.FormatError("size"))
	}
	h.width, h.height = int(width), int(height)
	depth, colours, interlaced := b[8], b[9], b[12] != 0
	var each int64 // bytes of a pixel as it is decoded
	switch {
	case colours == pngPalette:
		each = 1
	case colours == pngTrueColour, colours == pngWithAlpha:
		each = 4 * int64(max(depth, 8)) / 8
	}
	if each > 0 {
		h.colours = 3
	}
	if interlaced {
		each += (each + 1) / 2 // the last of the passes is half of the picture
	}
	h.memory = int64(h.width) * int64(h.height) * (each + 3) // and what is made of it
	return h, nil
}

// decodePNG gives the picture as a JPEG has it. What is transparent is black.
func decodePNG(file io.Reader) (*image.YCbCr, error) {
	r := &reader{Reader: file}
	m, err := png.Decode(r)
	if err != nil && r.ended {
		err = io.ErrUnexpectedEOF // the decoder calls it a lack of pixels
	}
	if err != nil {
		return nil, notPNG(err)
	}
	b := m.Bounds()
	out := image.NewYCbCr(image.Rect(0, 0, b.Dx(), b.Dy()), image.YCbCrSubsampleRatio444)
	row := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	for y := range b.Dy() {
		draw.Draw(row, row.Rect, m, b.Min.Add(image.Pt(0, y)), draw.Src)
		i := out.YOffset(0, y)
		for p := row.Pix; len(p) > 0; p, i = p[4:], i+1 {
			out.Y[i], out.Cb[i], out.Cr[i] = color.RGBToYCbCr(p[0], p[1], p[2])
		}
	}
	return out, nil
}

// notPNG is the refusal of a PNG that cannot be read to its end.
func notPNG(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return kora.Refuse(kora.ReasonTruncated, "image", nil, "ends too early; send it again")
	}
	refusal := kora.Refuse(kora.ReasonFormat, "image", nil, "is a damaged PNG")
	refusal.Err = err
	return refusal
}
