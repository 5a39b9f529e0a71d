package panorama

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/bep/imagemeta"
	"pgregory.net/rapid"

	"kora"
)

// scene draws a sky over ground with a thin line, so that there are edges.
func scene(width, height int) *image.YCbCr {
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	for y := range height {
		for x := range width {
			m.Y[m.YOffset(x, y)] = byte(255 * y / height)
			if x%97 == 0 {
				m.Y[m.YOffset(x, y)] = 0
			}
			m.Cb[m.COffset(x, y)], m.Cr[m.COffset(x, y)] = byte(255*x/width), 90
		}
	}
	return m
}

func encoded(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// with puts segments behind the first marker of a JPEG.
func with(file []byte, segments ...[]byte) []byte {
	out := slices.Clone(file[:2])
	for _, s := range segments {
		out = append(out, s...)
	}
	return append(out, file[2:]...)
}

func app1(content string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(content)+2)), content...)
}

// exif is a directory as cameras write it: how the picture lies, the time, and where it was taken.
func exif(orientation uint16, taken string) []byte {
	var b bytes.Buffer
	put := func(v ...any) {
		for _, one := range v {
			if err := binary.Write(&b, binary.BigEndian, one); err != nil {
				panic(err)
			}
		}
	}
	entry := func(tag, kind uint16, count, value uint32) { put(tag, kind, count, value) }
	put([]byte("MM\x00*"), uint32(8))
	const ifd0, exifAt = 8, 8 + 2 + 3*12 + 4
	const gpsAt = exifAt + 2 + 12 + 4
	const data = gpsAt + 2 + 4*12 + 4
	put(uint16(3))
	entry(0x0112, 3, 1, uint32(orientation)<<16)
	entry(0x8769, 4, 1, exifAt)
	entry(0x8825, 4, 1, gpsAt)
	put(uint32(0), uint16(1))
	entry(0x9003, 2, 20, data)
	put(uint32(0), uint16(4))
	entry(1, 2, 2, uint32('N')<<24)
	entry(2, 5, 3, data+20)
	entry(3, 2, 2, uint32('E')<<24)
	entry(4, 5, 3, data+20+24)
	put(uint32(0), []byte(taken+"\x00"))
	for _, v := range []uint32{29, 38, 24, 94, 21, 37} {
		put(v, uint32(1))
	}
	return app1("Exif\x00\x00" + b.String())
}

// xmp is a packet with these properties as elements or attributes, and with a position.
func xmp(attributes, elements string) []byte {
	return app1("http://ns.adobe.com/xap/1.0/\x00" + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
		<rdf:Description rdf:about="" xmlns:GPano="http://ns.google.com/photos/1.0/panorama/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
		exif:GPSLatitude="29,38.4N" exif:GPSLongitude="94,21.6E" ` + attributes + `>` + elements + `</rdf:Description></rdf:RDF></x:xmpmeta>`)
}

func developed(t testing.TB, file []byte) (*Picture, error) {
	t.Helper()
	return NewDarkroom().Develop(t.Context(), bytes.NewReader(file))
}

// positions are the tags that tell where a picture was taken.
func positions(t *testing.T, file []byte) (tags []string) {
	t.Helper()
	_, err := imagemeta.Decode(imagemeta.Options{R: bytes.NewReader(file), ImageFormat: imagemeta.JPEG, Sources: imagemeta.EXIF | imagemeta.XMP,
		Warnf: func(string, ...any) {}, ShouldHandleTag: func(imagemeta.TagInfo) bool { return true },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if strings.HasPrefix(tag.Tag, "GPS") {
				tags = append(tags, fmt.Sprintf("%v %s", tag.Source, tag.Tag))
			}
			return nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	return tags
}

// segments are the markers of a JPEG up to its first scan.
func segments(t *testing.T, file []byte) (markers []byte) {
	t.Helper()
	for at := 2; at+4 <= len(file) && file[at+1] != markerSOS; at += 2 + int(binary.BigEndian.Uint16(file[at+2:])) {
		markers = append(markers, file[at+1])
	}
	return markers
}

func TestOnlyPixelsGoOver(t *testing.T) {
	file := with(encoded(t, scene(2048, 1024)), exif(1, "2026:07:01 12:34:56"),
		xmp(`GPano:ProjectionType="equirectangular"`, `<GPano:PoseHeadingDegrees>-87.5</GPano:PoseHeadingDegrees>`),
		[]byte{0xff, 0xfe, 0, 8, 'L', 'h', 'a', 's', 'a', '!'})
	if tags := positions(t, file); len(tags) < 6 {
		t.Fatalf("the file tells %v of its position: this test would show nothing", tags)
	}
	p, err := developed(t, file)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.TakenOn.Format("2006-01-02"); got != "2026-07-01" {
		t.Errorf("taken on %s", got)
	}
	if p.HeadingDeg == nil || *p.HeadingDeg != 272.5 {
		t.Errorf("heading %v", p.HeadingDeg)
	}
	var sizes []int
	for _, i := range p.Images {
		sizes = append(sizes, i.Width)
		if tags := positions(t, i.JPEG); len(tags) > 0 {
			t.Errorf("%d wide: %v", i.Width, tags)
		}
		for _, m := range segments(t, i.JPEG) {
			if m >= 0xe0 && m <= 0xef || m == 0xfe {
				t.Errorf("%d wide: a segment %x is left", i.Width, m)
			}
		}
		for _, word := range []string{"GPS", "Exif", "adobe", "Lhasa!"} {
			if bytes.Contains(i.JPEG, []byte(word)) {
				t.Errorf("%d wide: %q is left", i.Width, word)
			}
		}
		m, err := jpeg.Decode(bytes.NewReader(i.JPEG))
		if err != nil {
			t.Fatal(err)
		}
		if m.Bounds() != image.Rect(0, 0, i.Width, i.Width/2) {
			t.Errorf("%d wide: %v", i.Width, m.Bounds())
		}
		// The sky is dark and the ground is light in every size.
		for _, at := range []float64{0.1, 0.5, 0.9} {
			y := int(at * float64(m.Bounds().Dy()))
			light := color.GrayModel.Convert(m.At(m.Bounds().Dx()/2+1, y)).(color.Gray).Y
			if math.Abs(float64(light)-255*at) > 25 {
				t.Errorf("%d wide, at %v: light is %d", i.Width, at, light)
			}
		}
	}
	if !slices.Equal(sizes, []int{512, 2048}) {
		t.Errorf("sizes %v", sizes)
	}
}

func TestWhatAFileTells(t *testing.T) {
	plain := encoded(t, scene(1024, 512))
	for _, c := range []struct {
		name    string
		file    []byte
		day     string
		heading float64 // NaN: none
	}{
		{"nothing", plain, "0001-01-01", math.NaN()},
		{"an attribute", with(plain, xmp(`GPano:PoseHeadingDegrees="360"`, "")), "0001-01-01", 0},
		{"a fraction", with(plain, xmp(`GPano:PoseHeadingDegrees="123.4"`, "")), "0001-01-01", 123.4},
		{"no number", with(plain, xmp(`GPano:PoseHeadingDegrees="NaN"`, "")), "0001-01-01", math.NaN()},
		{"a date of XMP", with(plain, xmp(`GPano:FirstPhotoDate="2025-12-31T23:59:00Z"`, "")), "2025-12-31", math.NaN()},
		{"a clock that was never set", with(plain, exif(1, "0000:00:00 00:00:00")), "0001-01-01", math.NaN()},
		{"damaged XMP", with(plain, app1("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta")), "0001-01-01", math.NaN()},
	} {
		p, err := developed(t, c.file)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		heading := math.NaN()
		if p.HeadingDeg != nil {
			heading = *p.HeadingDeg
		}
		if p.TakenOn.Format("2006-01-02") != c.day || heading != c.heading && !(math.IsNaN(heading) && math.IsNaN(c.heading)) {
			t.Errorf("%s: %v, %v", c.name, p.TakenOn, heading)
		}
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	plain := encoded(t, scene(1024, 512))
	frame := bytes.Index(plain, []byte{0xff, markerSOF0})
	resized := func(marker byte, width, height int) []byte {
		b := slices.Clone(plain)
		b[frame+1] = marker
		binary.BigEndian.PutUint16(b[frame+5:], uint16(height))
		binary.BigEndian.PutUint16(b[frame+7:], uint16(width))
		return b
	}
	for _, c := range []struct {
		name   string
		file   []byte
		reason kora.Reason
		says   string
	}{
		{"nothing", nil, kora.ReasonFormat, "neither"},
		{"text", []byte("a panorama of Bayi"), kora.ReasonFormat, "neither"},
		{"another shape", encoded(t, scene(1200, 512)), kora.ReasonRange, "1200 × 512"},
		{"narrow", encoded(t, scene(512, 256)), kora.ReasonRange, "512 × 256"},
		{"wider than any", resized(markerSOF0, 65534, 32767), kora.ReasonRange, "16384"},
		{"a progressive one that takes a gigabyte", resized(markerSOF2, 16384, 8192), kora.ReasonTooLarge, "baseline"},
		{"lossless", resized(0xc3, 1024, 512), kora.ReasonFormat, "ordinary JPEG"},
		{"no height", resized(markerSOF0, 1024, 0), kora.ReasonRange, "twice as wide"},
		{"grey", encoded(t, image.NewGray(image.Rect(0, 0, 1024, 512))), kora.ReasonFormat, "ordinary JPEG"},
		{"more pixels told than there are", resized(markerSOF0, 2048, 1024), "", ""},
		{"on its side", with(plain, exif(6, "2026:07:01 12:34:56")), kora.ReasonFormat, "upright"},
		{"a part", with(plain, xmp(`GPano:FullPanoWidthPixels="4096" GPano:CroppedAreaImageWidthPixels="1024"`, "")), kora.ReasonRange, "part"},
		{"a cylinder", with(plain, xmp(`GPano:ProjectionType="cylindrical"`, "")), kora.ReasonFormat, "equirectangular"},
	} {
		_, err := developed(t, c.file)
		refusal, is := errors.AsType[*kora.Error](err)
		if !is || c.reason != "" && refusal.Reason != c.reason || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestCutOffFiles cuts a file at many places: never a picture comes of it.
func TestCutOffFiles(t *testing.T) {
	file := encoded(t, scene(1024, 512))
	for cut := 0; cut < len(file); cut += 1 + (len(file)-cut)/8 {
		_, err := developed(t, file[:cut])
		if reason := kora.ReasonOf(err); reason != kora.ReasonTruncated && !(cut < 2 && reason == kora.ReasonFormat) {
			t.Errorf("cut at %d of %d: %v", cut, len(file), err)
		}
	}
}

// endless is a JPEG of one endless comment.
type endless struct{ at int64 }

func (e *endless) Read(b []byte) (int, error) { e.at += int64(len(b)); return len(b), nil }
func (e *endless) Seek(offset int64, whence int) (int64, error) {
	e.at = offset
	return offset, nil
}

func TestAFileBeyondTheLimitIsNotReadOn(t *testing.T) {
	e := &endless{}
	_, err := NewDarkroom().Develop(t.Context(), e)
	if kora.ReasonOf(err) != kora.ReasonTooLarge || e.at > MaxBytes+1<<20 {
		t.Errorf("after %d bytes: %v", e.at, err)
	}
}

func TestWidths(t *testing.T) {
	for _, c := range []struct {
		width int
		want  []int
	}{
		{1024, []int{512, 1024}}, {2048, []int{512, 2048}}, {6720, []int{512, 2048, 4096, 6720}}, {8192, []int{512, 2048, 4096, 8192}},
		{11968, []int{512, 2048, 4096, 8192}},
	} {
		if got := widths(c.width); !slices.Equal(got, c.want) {
			t.Errorf("%d: %v", c.width, got)
		}
	}
}

// TestOneAtATime: who waits for a turn gives up with its context, and comes in when the other is done.
func TestOneAtATime(t *testing.T) {
	d := NewDarkroom()
	d.turn <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Develop(ctx, bytes.NewReader(nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting: %v", err)
	}
	<-d.turn
	if _, err := d.Develop(t.Context(), bytes.NewReader(nil)); kora.ReasonOf(err) != kora.ReasonFormat {
		t.Errorf("free: %v", err)
	}
}

func testFile(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestFilesOfOthers takes what another encoder (libjpeg) wrote: the colours stay where they were.
func TestFilesOfOthers(t *testing.T) {
	for _, name := range []string{"progressive-444.jpg", "restart-422.jpg"} {
		p, err := developed(t, testFile(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, i := range p.Images {
			m, err := jpeg.Decode(bytes.NewReader(i.JPEG))
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range [][2]float64{{0.1, 0.1}, {0.5, 0.5}, {0.9, 0.3}} {
				r, g, b, _ := m.At(int(at[0]*float64(i.Width)), int(at[1]*float64(i.Width/2))).RGBA()
				if math.Abs(float64(r>>8)-256*at[1]) > 12 || math.Abs(float64(g>>8)-128) > 12 || math.Abs(float64(b>>8)-256*at[0]) > 12 {
					t.Errorf("%s, %d wide, at %v: %d %d %d", name, i.Width, at, r>>8, g>>8, b>>8)
				}
			}
		}
	}
	if _, err := developed(t, testFile(t, "cmyk.jpg")); kora.ReasonOf(err) != kora.ReasonFormat {
		t.Errorf("CMYK: %v", err)
	}
}

// TestMemoryIsForetold: what decoding takes is what the header was taken to mean.
func TestMemoryIsForetold(t *testing.T) {
	files := map[string][]byte{"progressive": testFile(t, "progressive-444.jpg"), "with restarts": testFile(t, "restart-422.jpg")}
	for _, width := range []int{1024, 3000, 4096} {
		files[fmt.Sprint(width, " wide")] = encoded(t, scene(width, width/2))
	}
	for kind, m := range paintings(1024, 512) {
		files[kind] = encodedPNG(t, m)
	}
	for name, file := range files {
		h, err := readHeader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := decode(bytes.NewReader(file), h); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if took := int64(after.TotalAlloc - before.TotalAlloc); took > h.memory+h.memory/8+1<<20 || took < h.memory/2 {
			t.Errorf("%s: took %d bytes, foretold %d", name, took, h.memory)
		}
	}
}

// TestShrinkIsTheMean compares with the mean by definition, over planes of any size.
func TestShrinkIsTheMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 24)
		from := plane{width: size.Draw(t, "from width"), height: size.Draw(t, "from height")}
		from.stride = from.width + rapid.IntRange(0, 3).Draw(t, "margin")
		from.pix = rapid.SliceOfN(rapid.Byte(), from.stride*from.height, from.stride*from.height).Draw(t, "pixels")
		to := plane{width: size.Draw(t, "width"), height: size.Draw(t, "height")}
		to.stride, to.pix = to.width, make([]byte, to.width*to.height)
		to.average(from)
		overlap := func(a, b, c, d float64) float64 { return max(0, min(b, d)-max(a, c)) }
		for y := range to.height {
			for x := range to.width {
				top, bottom := float64(y*from.height)/float64(to.height), float64((y+1)*from.height)/float64(to.height)
				left, right := float64(x*from.width)/float64(to.width), float64((x+1)*from.width)/float64(to.width)
				sum := 0.0
				for v := range from.height {
					for u := range from.width {
						sum += float64(from.pix[v*from.stride+u]) * overlap(top, bottom, float64(v), float64(v+1)) * overlap(left, right, float64(u), float64(u+1))
					}
				}
				mean := sum / ((bottom - top) * (right - left))
				if got := float64(to.pix[y*to.stride+x]); math.Abs(got-mean) > 0.51 {
					t.Fatalf("%d, %d is %v, the mean is %v", x, y, got, mean)
				}
			}
		}
	})
}

// TestEverySubsampling: cameras keep colours in several ways.
func TestEverySubsampling(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410} {
		src := image.NewYCbCr(image.Rect(0, 0, 1024, 512), ratio)
		for y := range 512 {
			for x := range 1024 {
				src.Y[src.YOffset(x, y)], src.Cb[src.COffset(x, y)], src.Cr[src.COffset(x, y)] = 100, byte(x/4), byte(y/2)
			}
		}
		dst := shrink(src, 512)
		if dst.Rect != image.Rect(0, 0, 512, 256) || dst.SubsampleRatio != image.YCbCrSubsampleRatio420 {
			t.Fatalf("%v: %v %v", ratio, dst.Rect, dst.SubsampleRatio)
		}
		for _, at := range []image.Point{{0, 0}, {255, 100}, {511, 255}, {300, 17}} {
			got := dst.YCbCrAt(at.X, at.Y)
			if got.Y != 100 || math.Abs(float64(got.Cb)-float64(at.X)/2) > 4 || math.Abs(float64(got.Cr)-float64(at.Y)) > 4 {
				t.Errorf("%v at %v: %v", ratio, at, got)
			}
		}
	}
}

// FuzzHeader: whatever comes, reading the header ends, and agrees with the decoder about what it takes.
func FuzzHeader(f *testing.F) {
	plain := encoded(f, scene(1024, 512))
	f.Add(plain[:700])
	f.Add(with(plain, exif(1, "2026:07:01 12:34:56"), xmp(`GPano:PoseHeadingDegrees="1"`, ""))[:1500])
	f.Add(encodedPNG(f, scene(1024, 512))[:40])
	f.Add([]byte{0xff, 0xd8, 0xff, 0xff, 0xff, 0x01, 0xff, 0xd0, 0xff, 0xc4, 0, 2, 0xff, 0xda})
	f.Add([]byte{0xff, 0xd8, 0xff, 0xc2, 0, 17, 8, 0x20, 0, 0x40, 0, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1})
	f.Fuzz(func(t *testing.T, file []byte) {
		h, err := readHeader(bytes.NewReader(file))
		if err != nil {
			if kora.ReasonOf(err) == "" {
				t.Fatalf("no refusal: %v", err)
			}
			return
		}
		if err := h.check(); err != nil {
			return
		}
		if h.memory > maxMemory || h.memory < int64(h.width*h.height) {
			t.Fatalf("%+v", h)
		}
		config := jpeg.DecodeConfig
		if h.png {
			config = png.DecodeConfig
		}
		if c, err := config(bytes.NewReader(file)); err == nil && (c.Width != h.width || c.Height != h.height) {
			t.Fatalf("%+v, the decoder has %d × %d", h, c.Width, c.Height)
		}
	})
}

// FuzzDevelop: whatever comes is a picture or a refusal.
func FuzzDevelop(f *testing.F) {
	plain := encoded(f, image.NewYCbCr(image.Rect(0, 0, 1024, 512), image.YCbCrSubsampleRatio420))
	f.Add(plain)
	f.Add(with(plain, exif(1, "2026:07:01 12:34:56")))
	f.Add(with(plain, xmp(`GPano:PoseHeadingDegrees="1"`, `<GPano:ProjectionType>equirectangular</GPano:ProjectionType>`)))
	f.Add(encodedPNG(f, scene(1024, 512)))
	f.Fuzz(func(t *testing.T, file []byte) {
		if h, err := readHeader(bytes.NewReader(file)); err == nil && h.width > 2048 {
			return // as good, but slow
		}
		p, err := develop(t.Context(), bytes.NewReader(file))
		if err != nil {
			if kora.ReasonOf(err) == "" && !errors.Is(err, io.EOF) {
				t.Fatalf("no refusal: %v", err)
			}
			return
		}
		if len(p.Images) < 2 {
			t.Fatalf("%d images", len(p.Images))
		}
	})
}
