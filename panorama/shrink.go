package panorama

import "image"

// shrink gives the picture in a smaller width with half the colours each way, as JPEGs for screens have them; src itself
// when that is what it is. A pixel is the mean of the area that it covers. It works on the planes of the JPEG: the kernels of
// golang.org/x/image/draw keep 32 bytes for every pixel of the wide picture.
func shrink(src *image.YCbCr, width int) *image.YCbCr {
	if src.Rect.Dx() == width && src.SubsampleRatio == image.YCbCrSubsampleRatio420 {
		return src
	}
	dst := image.NewYCbCr(image.Rect(0, 0, width, width/2), image.YCbCrSubsampleRatio420)
	from, to := planes(src), planes(dst)
	for i := range from {
		to[i].average(from[i])
	}
	return dst
}

// A plane is one colour of a picture.
type plane struct {
	pix           []byte
	stride        int
	width, height int
}

func planes(p *image.YCbCr) [3]plane {
	w, h := p.Rect.Dx(), p.Rect.Dy()
	last := p.COffset(p.Rect.Max.X-1, p.Rect.Max.Y-1) - p.COffset(p.Rect.Min.X, p.Rect.Min.Y)
	cw, ch := last%p.CStride+1, last/p.CStride+1
	return [3]plane{{p.Y, p.YStride, w, h}, {p.Cb, p.CStride, cw, ch}, {p.Cr, p.CStride, cw, ch}}
}

// average fills p with the means of from.
func (p plane) average(from plane) {
	rows, columns := shares(from.height, p.height), shares(from.width, p.width)
	sum := make([]float32, from.width) // of the rows that one row covers
	for y, row := range rows {
		clear(sum)
		for i, share := range row.of {
			line := from.pix[(row.first+i)*from.stride:][:from.width]
			for x, v := range line {
				sum[x] += share * float32(v)
			}
		}
		out := p.pix[y*p.stride:][:p.width]
		for x, column := range columns {
			v := float32(0.5)
			for i, share := range column.of {
				v += share * sum[column.first+i]
			}
			out[x] = byte(min(v, 255))
		}
	}
}

// A span tells which pixels one covers, and by what share of it.
type span struct {
	first int
	of    []float32
}

// shares cuts a line of from pixels into to equal pieces.
func shares(from, to int) []span {
	all := make([]span, to)
	for i := range all {
		// In units of 1/to of a pixel, so that all is whole.
		begin, end := i*from, (i+1)*from
		first := begin / to
		s := span{first: first}
		for at := first; at*to < end; at++ {
			covered := min(end, (at+1)*to) - max(begin, at*to)
			s.of = append(s.of, float32(covered)/float32(from))
		}
		all[i] = s
	}
	return all
}
