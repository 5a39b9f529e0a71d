package panorama

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"

	"kora"
)

// A header is what a file says of its pixels before the first of them.
type header struct {
	png           bool
	width, height int
	colours       int
	memory        int64 // bytes that decoding takes
}

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	markerSOF0 = 0xc0 // baseline
	markerSOF1 = 0xc1 // extended sequential
	markerSOF2 = 0xc2 // progressive
	markerDHT  = 0xc4
	markerJPG  = 0xc8
	markerDAC  = 0xcc
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
)

// readHeader reads a JPEG up to its frame, or the first chunk of a PNG. It holds no more than a buffer of them.
func readHeader(file io.Reader) (h header, err error) {
	r := bufio.NewReader(file)
	if start, _ := r.Peek(len(pngStart)); string(start) == pngStart {
		_, _ = r.Discard(len(pngStart))
		return readPNGHeader(r)
	}
	var two [2]byte
	if _, err := io.ReadFull(r, two[:]); err != nil || two != [2]byte{0xff, markerSOI} {
		return h, kora.Refuse(kora.ReasonFormat, "image", nil, "is neither a JPEG nor a PNG")
	}
	return readJPEGHeader(r)
}

// readJPEGHeader goes through the segments up to the frame's.
func readJPEGHeader(r *bufio.Reader) (h header, err error) {
	var two [2]byte
	for {
		marker, err := nextMarker(r)
		if err != nil {
			return h, err
		}
		if marker == 0x01 || marker >= 0xd0 && marker <= 0xd7 {
			continue // these stand alone
		}
		if _, err := io.ReadFull(r, two[:]); err != nil {
			return h, notJPEG(err)
		}
		length := int(binary.BigEndian.Uint16(two[:])) - 2
		switch {
		case marker == markerEOI || marker == markerSOS || length < 0:
			return h, kora.Refuse(kora.ReasonFormat, "image", nil, "is no JPEG, or a damaged one")
		case marker == markerSOF0 || marker == markerSOF1 || marker == markerSOF2:
			return readFrame(r, length, marker == markerSOF2)
		case marker > markerSOF2 && marker <= 0xcf && marker != markerDHT && marker != markerJPG && marker != markerDAC:
			return h, kora.Refuse(kora.ReasonFormat, "image", nil, "is a kind of JPEG that is not read; save it as an ordinary JPEG")
		}
		if _, err := r.Discard(length); err != nil {
			return h, notJPEG(err)
		}
	}
}

func nextMarker(r *bufio.Reader) (byte, error) {
	b, err := r.ReadByte()
	if err == nil && b != 0xff {
		return 0, kora.Refuse(kora.ReasonFormat, "image", nil, "is no JPEG, or a damaged one")
	}
	for err == nil && b == 0xff { // any number of them may stand before a marker
		b, err = r.ReadByte()
	}
	if err != nil {
		return 0, notJPEG(err)
	}
	return b, nil
}

func readFrame(r io.Reader, length int, progressive bool) (h header, err error) {
	damaged := kora.Refuse(kora.ReasonFormat, "image", nil, "is no JPEG, or a damaged one")
	if length < 6 {
		return h, damaged
	}
	frame := make([]byte, length)
	if _, err := io.ReadFull(r, frame); err != nil {
		return h, notJPEG(err)
	}
	h.height, h.width = int(binary.BigEndian.Uint16(frame[1:])), int(binary.BigEndian.Uint16(frame[3:]))
	if h.colours = int(frame[5]); length != 6+3*h.colours {
		return h, damaged
	}
	finest, blocks := [2]int{1, 1}, 0 // sampling factors of the light, and 8×8 blocks in a unit of all colours
	for i := range h.colours {
		across, down := int(frame[7+3*i]>>4), int(frame[7+3*i]&15)
		if across < 1 || across > 4 || down < 1 || down > 4 {
			return h, damaged
		}
		if i == 0 {
			finest = [2]int{across, down}
		}
		if across > finest[0] || down > finest[1] {
			return h, damaged // no decoder wants colours finer than light
		}
		blocks += across * down
	}
	units := func(length, factor int) int64 { return int64((length + 8*factor - 1) / (8 * factor)) }
	h.memory = units(h.width, finest[0]) * units(h.height, finest[1]) * int64(blocks) * 64
	if progressive {
		h.memory *= 1 + 4 // the coefficients of all are kept until the last scan
	}
	return h, nil
}

func (h header) check() error {
	size := fmt.Sprintf("%d × %d", h.width, h.height)
	switch {
	case h.colours != 3:
		return kora.Refuse(kora.ReasonFormat, "image", nil, "has no colours, or other ones than a screen; save it as an ordinary JPEG")
	case h.width != 2*h.height:
		return kora.Refuse(kora.ReasonRange, "image", size, "is not twice as wide as high, as an equirectangular panorama is; export it from the camera's program as a full panorama (360° × 180°)")
	case h.width < minWidth || h.width > maxWidth:
		return kora.Refuse(kora.ReasonRange, "image", size, "must be from %d to %d pixels wide", minWidth, maxWidth)
	case h.memory > maxMemory && h.png:
		return kora.Refuse(kora.ReasonTooLarge, "image", size, "takes too much memory to decode; save it as a JPEG")
	case h.memory > maxMemory:
		return kora.Refuse(kora.ReasonTooLarge, "image", size, "takes too much memory to decode; save it as a baseline, not a progressive, JPEG")
	}
	return nil
}
