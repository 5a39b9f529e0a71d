// Package panorama makes what is shown of an equirectangular picture from a file that somebody sends: it checks the file,
// takes from it the day and the bearing, and makes the picture anew in several sizes. Only pixels go over: whatever else
// the file tells, where it was taken above all, stays behind.
//
// It reads JPEG and PNG, and knows neither the record nor HTTP. What it costs is bounded before a pixel is decoded.
package panorama

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"time"

	"kora"
)

const (
	// MaxBytes bounds the file.
	MaxBytes = 50 << 20

	minWidth  = 1024  // narrower ones are no use on a screen
	maxWidth  = 16384 // of the file; cameras of today make 12,000
	maxMemory = 256 << 20
	quality   = 85
)

// widths are the sizes that are made of a picture, as far as it is that wide. A picture between two of them is kept in its
// own width too. Telephones draw textures of up to 4096.
func widths(width int) []int {
	var all []int
	for _, w := range []int{512, 2048, 4096, 8192} {
		if w >= width {
			return append(all, width)
		}
		all = append(all, w)
	}
	return all
}

// A Picture is what was made from a file.
type Picture struct {
	SHA256     string               // of the file
	TakenOn    time.Time            // the day on the camera's clock; zero when the file does not tell
	HeadingDeg *float64             // the compass bearing of the middle; nil when the file does not tell
	Images     []kora.PanoramaImage // narrowest first
}

// A Darkroom makes pictures, one at a time: each may take 400 MB of memory and all of a processor for seconds.
type Darkroom struct{ turn chan struct{} }

// NewDarkroom gives one that is free.
func NewDarkroom() *Darkroom { return &Darkroom{make(chan struct{}, 1)} }

// Develop makes the picture of a file; the error is an *kora.Error where the file is at fault.
func (d *Darkroom) Develop(ctx context.Context, file io.ReadSeeker) (*Picture, error) {
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return develop(ctx, file)
}

func develop(ctx context.Context, file io.ReadSeeker) (*Picture, error) {
	sum := sha256.New()
	size, err := io.Copy(sum, io.LimitReader(file, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	if size > MaxBytes {
		return nil, kora.Refuse(kora.ReasonTooLarge, "image", nil, "is larger than %d MB; save it with a lower quality", MaxBytes>>20)
	}
	p := &Picture{SHA256: hex.EncodeToString(sum.Sum(nil))}
	h, told, err := check(file)
	if err != nil {
		return nil, err
	}
	p.TakenOn, p.HeadingDeg = told.takenOn, told.heading
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	pixels, err := decode(file, h)
	if err != nil {
		return nil, err
	}
	sizes := widths(pixels.Rect.Dx())
	p.Images = make([]kora.PanoramaImage, len(sizes))
	for i := len(sizes) - 1; i >= 0; i-- { // each from the next larger one
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		pixels = shrink(pixels, sizes[i])
		var b bytes.Buffer
		if err := jpeg.Encode(&b, pixels, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("encode the picture %d wide: %w", sizes[i], err)
		}
		p.Images[i] = kora.PanoramaImage{Width: sizes[i], JPEG: b.Bytes()}
	}
	return p, nil
}

// check refuses a file that is not to be decoded, and gives what it tells of itself.
func check(file io.ReadSeeker) (h header, told told, err error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return h, told, fmt.Errorf("read the picture: %w", err)
	}
	if h, err = readHeader(file); err != nil {
		return h, told, err
	}
	if err := h.check(); err != nil || h.png { // programs that make PNG tell nothing in it
		return h, told, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return h, told, fmt.Errorf("read the picture: %w", err)
	}
	told = readTold(file)
	return h, told, told.check()
}

func decode(file io.ReadSeeker, h header) (*image.YCbCr, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	if h.png {
		return decodePNG(file)
	}
	r := &reader{Reader: file}
	pixels, err := jpeg.Decode(r)
	if err != nil && r.ended {
		err = io.ErrUnexpectedEOF // the decoder calls an end within a scan bad Huffman data
	}
	if err != nil {
		return nil, notJPEG(err)
	}
	colours, ok := pixels.(*image.YCbCr)
	if !ok {
		return nil, kora.Refuse(kora.ReasonFormat, "image", nil, "has its colours as RGB or CMYK; save it as an ordinary JPEG")
	}
	return colours, nil
}

// A reader knows whether it was read beyond its end.
type reader struct {
	io.Reader
	ended bool
}

func (r *reader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	r.ended = r.ended || n == 0 && errors.Is(err, io.EOF)
	return n, err
}

// notJPEG is the refusal of a file that cannot be read to its end.
func notJPEG(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return kora.Refuse(kora.ReasonTruncated, "image", nil, "ends too early; send it again")
	}
	if _, is := errors.AsType[jpeg.UnsupportedError](err); is {
		return &kora.Error{Reason: kora.ReasonFormat, Field: "image", Text: "is a kind of JPEG that is not read; save it as an ordinary JPEG", Err: err}
	}
	if _, is := errors.AsType[jpeg.FormatError](err); is {
		return &kora.Error{Reason: kora.ReasonFormat, Field: "image", Text: "is no JPEG, or a damaged one", Err: err}
	}
	return fmt.Errorf("read the picture: %w", err)
}
