package tiles

import (
	"strconv"
	"strings"
)

// chosen is the coding that an Accept-Encoding header likes best (RFC 9110 §12.5.3); of equals the later coding. Who
// accepts nothing of ours gets the tile as it is.
func chosen(header string) coding {
	var weights [codings]float64
	var named [codings]bool
	rest := 0.0 // the weight of *
	for part := range strings.SplitSeq(header, ",") {
		token, params, _ := strings.Cut(part, ";")
		token = strings.TrimSpace(token)
		if token == "*" {
			rest = weight(params)
		}
		for c := range codings {
			if strings.EqualFold(token, c.String()) || c == gzipped && strings.EqualFold(token, "x-gzip") {
				weights[c], named[c] = weight(params), true
			}
		}
	}
	best, most := identity, 0.0
	for c := range codings {
		if !named[c] {
			weights[c] = rest
		}
		if weights[c] > 0 && weights[c] >= most {
			best, most = c, weights[c]
		}
	}
	return best
}

// weight reads what stands behind a coding: 1 when nothing does, 0 when it is no weight.
func weight(params string) float64 {
	params = strings.TrimSpace(params)
	if params == "" {
		return 1
	}
	q, found := strings.CutPrefix(strings.ToLower(params), "q=")
	v, err := strconv.ParseFloat(q, 64)
	if !found || err != nil || !(v >= 0 && v <= 1) {
		return 0
	}
	return v
}

// matches tells whether an If-None-Match header names tag by the weak comparison (RFC 9110 §8.8.3.2, §13.1.2). It reads no
// further than the first thing that is no entity tag.
func matches(header, tag string) bool {
	if header == tag {
		return true
	}
	if strings.TrimSpace(header) == "*" {
		return true
	}
	for header != "" {
		header = strings.TrimLeft(header, " \t,")
		header = strings.TrimPrefix(header, "W/")
		if !strings.HasPrefix(header, `"`) {
			return false
		}
		end := strings.IndexByte(header[1:], '"')
		if end < 0 {
			return false
		}
		if header[:end+2] == tag {
			return true
		}
		header = header[end+2:]
	}
	return false
}
