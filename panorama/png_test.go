package panorama

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"

	"kora"
)

// paintings are the same picture in the kinds of colour that a PNG has: red grows downwards, blue to the right.
func paintings(width, height int) map[string]draw.Image {
	r := image.Rect(0, 0, width, height)
	all := map[string]draw.Image{"opaque": image.NewRGBA(r), "with alpha": image.NewNRGBA(r), "of 16 bits": image.NewNRGBA64(r),
		"a palette": image.NewPaletted(r, palette.WebSafe)}
	for _, m := range all {
		for y := range height {
			for x := range width {
				if p, is := m.(*image.Paletted); is {
					p.SetColorIndex(x, y, byte(36*(6*y/height)+6*2+6*x/width)) // six steps of each colour
					continue
				}
				m.Set(x, y, color.NRGBA{byte(255 * y / height), 128, byte(255 * x / width), 255})
			}
		}
	}
	all["with alpha"].Set(0, 0, color.NRGBA{255, 255, 255, 0})
	return all
}

func encodedPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withChunk puts a chunk behind the first one of a PNG.
func withChunk(file []byte, kind, content string) []byte {
	const first = 8 + 12 + 13
	chunk := append([]byte(kind), content...)
	out := append(slices.Clone(file[:first]), binary.BigEndian.AppendUint32(nil, uint32(len(content)))...)
	out = append(out, binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk))...)
	return append(out, file[first:]...)
}

func TestPNG(t *testing.T) {
	for kind, m := range paintings(1024, 512) {
		file := withChunk(withChunk(encodedPNG(t, m), "tEXt", "Comment\x00Lhasa!"), "eXIf", string(exif(1, "2026:07:01 12:34:56")[10:]))
		p, err := developed(t, file)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if len(p.Images) != 2 {
			t.Errorf("%s: %d sizes", kind, len(p.Images))
		}
		near := 12.0
		if kind == "a palette" {
			near = 55 // it has six steps
		}
		for _, i := range p.Images {
			for _, word := range []string{"GPS", "Exif", "eXIf", "Lhasa!"} {
				if bytes.Contains(i.JPEG, []byte(word)) {
					t.Errorf("%s, %d wide: %q is left", kind, i.Width, word)
				}
			}
			m, err := jpeg.Decode(bytes.NewReader(i.JPEG))
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range [][2]float64{{0.1, 0.1}, {0.5, 0.5}, {0.9, 0.3}} {
				r, g, b, _ := m.At(int(at[0]*float64(i.Width)), int(at[1]*float64(i.Width/2))).RGBA()
				if math.Abs(float64(r>>8)-255*at[1]) > near || math.Abs(float64(g>>8)-128) > near+14 || math.Abs(float64(b>>8)-255*at[0]) > near {
					t.Errorf("%s, %d wide, at %v: %d %d %d", kind, i.Width, at, r>>8, g>>8, b>>8)
				}
			}
		}
	}
}

func TestPNGsThatAreRefused(t *testing.T) {
	plain := encodedPNG(t, paintings(1024, 512)["opaque"])
	sized := func(width, height uint32, depth byte, interlace byte) []byte {
		b := slices.Clone(plain)
		binary.BigEndian.PutUint32(b[16:], width)
		binary.BigEndian.PutUint32(b[20:], height)
		b[24], b[28] = depth, interlace
		binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
		return b
	}
	damaged := slices.Clone(plain)
	damaged[len(damaged)/2] ^= 0xff
	for _, c := range []struct {
		name   string
		file   []byte
		reason kora.Reason
		says   string
	}{
		{"grey", encodedPNG(t, image.NewGray(image.Rect(0, 0, 1024, 512))), kora.ReasonFormat, "no colours"},
		{"another shape", sized(1200, 512, 8, 0), kora.ReasonRange, "1200 × 512"},
		{"beyond all numbers", sized(math.MaxUint32, math.MaxUint32/2, 8, 0), kora.ReasonFormat, "damaged PNG"},
		{"wide", sized(16384, 8192, 8, 0), kora.ReasonTooLarge, "as a JPEG"},
		{"deep", sized(8192, 4096, 16, 0), kora.ReasonTooLarge, "as a JPEG"},
		{"woven", sized(8192, 4096, 8, 1), kora.ReasonTooLarge, "as a JPEG"},
		{"more pixels told than there are", sized(2048, 1024, 8, 0), "", ""},
		{"damaged", damaged, kora.ReasonFormat, "damaged PNG"},
		{"cut off", plain[:len(plain)/2], kora.ReasonTruncated, "ends too early"},
	} {
		_, err := developed(t, c.file)
		refusal, is := errors.AsType[*kora.Error](err)
		if !is || c.reason != "" && refusal.Reason != c.reason || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if h, err := readHeader(bytes.NewReader(sized(8192, 4096, 8, 0))); err != nil || h.check() != nil {
		t.Errorf("as wide as is ever shown: %v, %v", err, h.check())
	}
}
