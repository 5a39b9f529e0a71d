package importers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"kora"
	"kora/geo/basemap"
	"kora/geo/network"
	"kora/importers/pbf"
)

// maxEncoded is what the record takes for the streets, and for the basemap, in bytes.
const maxEncoded = 1 << 30

// NetworkOptions are what Network may be told; the zero value is complete.
type NetworkOptions struct {
	DEM      fs.FS                   // folder of elevation tiles, .hgt or .hgt.zip; nil: all streets are level
	Progress func(done, total int64) // called now and then with the bytes read; nil: not at all
	Size     int64                   // of the file in bytes, for Progress
}

// A NetworkReport says what was found in an extract and what was made of it.
type NetworkReport struct {
	Nodes, Ways, Relations int64 // read
	Sorted                 bool  // nodes came in ascending order, before ways

	Streets      int // ways that may be walked
	Barriers     int // places on them where walkers are stopped
	MissingNodes int // nodes of streets that the extract does not hold, as happens along its border

	CappedM         float64  // metres of street steeper than the profile's MaxSlope
	CappedPieces    int      // and in how many pieces of at most 25 m
	NoElevationM    float64  // metres of street that are taken for level because no height is known
	ElevationTiles  []string // that hold streets
	ElevationAbsent []string // that would, and are not in the folder

	Features  map[string]int // of the basemap, by layer
	Sensitive int            // objects left out of the basemap because they must not be on a public map
	OpenAreas int            // areas left out because part of their outline lies outside the extract
}

// Network reads an OpenStreetMap extract in PBF and makes of it the streets for walking and the quiet basemap. name is the
// file's name, for messages and the record. The file is read once, from beginning to end, and may be in any order.
//
// Memory: 20 bytes for each node of the file, 16 for each way and about 3 for each node of a way, beside what is kept of
// streets and basemap; a file whose nodes are not in order takes 36 bytes a node for a while.
//
// A file that cannot be used is refused with a kora.Fault whose Error has ReasonFormat, ReasonTruncated or ReasonTooLarge.
func Network(ctx context.Context, name string, r io.Reader, opts NetworkOptions) (kora.Network, NetworkReport, error) {
	n, report, err := readNetwork(ctx, name, r, opts)
	if err != nil {
		return kora.Network{}, report, osmFault(name, err)
	}
	return n, report, nil
}

func readNetwork(ctx context.Context, name string, r io.Reader, opts NetworkOptions) (kora.Network, NetworkReport, error) {
	none := kora.Network{}
	ground, err := openGround(opts.DEM)
	if err != nil {
		return none, NetworkReport{}, err
	}
	sum := sha256.New()
	x := newOSMExtract(network.Walk())
	header, err := pbf.Read(ctx, io.TeeReader(r, sum), pbf.Visitor{
		Node: x.node, Way: x.way, Relation: x.relation,
		Block: func(read int64) {
			if opts.Progress != nil {
				opts.Progress(read, opts.Size)
			}
		},
	})
	if err != nil {
		return none, x.report, err
	}
	x.nodes.finish()
	x.report.Sorted = x.nodes.inOrder
	streets, err := x.streets(ctx, ground)
	if err != nil {
		return none, x.report, err
	}
	features, err := x.features(ctx)
	if err != nil {
		return none, x.report, err
	}
	n := kora.Network{
		Name:        baseName(name),
		SHA256:      hex.EncodeToString(sum.Sum(nil)),
		DataTime:    header.Written,
		Elevation:   strings.Join(x.report.ElevationTiles, " "),
		Attribution: "© OpenStreetMap contributors, ODbL 1.0",
		Bounds:      streets.Bounds(),
		Nodes:       streets.Nodes(),
		Edges:       streets.Edges(),
	}
	if n.Elevation != "" {
		n.Attribution += "; elevation: SRTM (NASA, USGS)"
	}
	if n.Streets, err = streets.MarshalBinary(); err != nil {
		return none, x.report, err
	}
	if n.Basemap, err = basemap.Encode(features); err != nil {
		return none, x.report, err
	}
	if len(n.Streets) > maxEncoded || len(n.Basemap) > maxEncoded {
		return none, x.report, fmt.Errorf("%w: its streets or its basemap take more than 1 GiB; take a smaller extract", errTooMuch)
	}
	return n, x.report, nil
}

var (
	errNoStreets = errors.New("the file holds no street for walking")
	errTooMuch   = errors.New("the file holds too much")
	errElevation = errors.New("elevation")
)

// osmFault turns what is wrong with a file into a refusal; errors of other kinds it only names the file in.
func osmFault(name string, err error) error {
	for _, c := range []struct {
		is     error
		reason kora.Reason
	}{
		{pbf.ErrFormat, kora.ReasonFormat},
		{pbf.ErrFeature, kora.ReasonFormat},
		{pbf.ErrTruncated, kora.ReasonTruncated},
		{pbf.ErrTooLarge, kora.ReasonTooLarge},
		{errTooMuch, kora.ReasonTooLarge},
		{errNoStreets, kora.ReasonFormat},
		{errElevation, kora.ReasonFormat},
	} {
		if errors.Is(err, c.is) {
			return wholeFile(name, 0, c.reason, err.Error())
		}
	}
	return fmt.Errorf("importers: %s: %w", baseName(name), err)
}
