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
	"sync"

	"kora"
	"kora/geo/basemap"
	"kora/geo/profile"
	"kora/importers/pbf"
)

// maxEncoded is what the record takes for the streets, and for the basemap, in bytes.
const maxEncoded = 1 << 30

// NetworkOptions are what Network may be told; the zero value is complete.
type NetworkOptions struct {
	DEM      fs.FS                   // folder of elevation tiles, .hgt or .hgt.zip; nil: all streets are level
	Progress func(done, total int64) // called now and then with the bytes read; nil: not at all
	Size     int64                   // of the file in bytes, for Progress
	Profiles []profile.Profile       // at most four, walk among them; nil: profile.All
}

// A NetworkReport says what was found in an extract and what was made of it.
type NetworkReport struct {
	Nodes, Ways, Relations int64 // read
	Sorted                 bool  // nodes came in ascending order, before ways

	Streets      int // ways that some profile may use
	Barriers     int // places on them where some profile is stopped
	MissingNodes int // nodes of streets that the extract does not hold, as happens along its border

	Profiles    map[string]ProfileReport // by ID; what has no streets is not among them
	Turns       int                      // relations that restrict turns
	TurnsUnused map[string]int           // those that could not be used, by what is the matter with them

	NoElevationM    float64  // metres of street that are taken for level because no height is known
	ElevationTiles  []string // that hold streets
	ElevationAbsent []string // that would, and are not in the folder

	Features  map[string]int // of the basemap, by layer
	Sensitive int            // objects left out of the basemap because they must not be on a public map
	OpenAreas int            // areas left out because part of their outline lies outside the extract

	HeightBytes int  // what the heights take that are kept
	HeightsThin bool // they are kept every third sample only
	HeightsOut  bool // they are not kept, because they would take too much
}

// A ProfileReport says what the network of one profile is made of.
type ProfileReport struct {
	Nodes, Edges int
	Turns        int // forbidden ways over two or more edges
	Capped       Capped
}

// Capped is street that is steeper than a profile's MaxSlope and counts as that steep.
type Capped struct {
	Metres float64
	Pieces int // of at most 25 m
}

// Network reads an OpenStreetMap extract in PBF and makes of it the streets of every profile and the quiet basemap. name is the
// file's name, for messages and the record. The file is read once, from beginning to end, and may be in any order.
//
// Memory: 20 bytes for each node of the file, 16 for each way and about 3 for each node of a way, beside what is kept of
// streets and basemap; a file whose nodes are not in order takes 36 bytes a node for a while. With four profiles, real
// extracts took 150 to 400 bytes for each node of the file all told (Andorra 35 MB, Heidelberg 84 MB).
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
	if opts.Profiles == nil {
		opts.Profiles = profile.All()
	}
	if len(opts.Profiles) > maxProfiles {
		return none, NetworkReport{}, fmt.Errorf("%d profiles are more than the %d that can be imported at once", len(opts.Profiles), maxProfiles)
	}
	ground, err := openGround(opts.DEM)
	if err != nil {
		return none, NetworkReport{}, err
	}
	sum := sha256.New()
	x := newOSMExtract(opts.Profiles)
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
	streets, err := x.draw(ctx, ground)
	if err != nil {
		return none, x.report, err
	}
	// The basemap needs nothing of the networks, nor they of it.
	var features []byte
	var featuresErr error
	var beside sync.WaitGroup
	beside.Go(func() { features, featuresErr = x.basemap(ctx) })
	networks, err := x.networks(ctx, streets)
	beside.Wait()
	if err := errors.Join(err, featuresErr); err != nil {
		return none, x.report, err
	}
	walk := networks["walk"]
	n := kora.Network{
		Name:        baseName(name),
		SHA256:      hex.EncodeToString(sum.Sum(nil)),
		DataTime:    header.Written,
		Elevation:   strings.Join(x.report.ElevationTiles, " "),
		Attribution: "© OpenStreetMap contributors, ODbL 1.0",
		Bounds:      walk.Bounds(),
		Nodes:       walk.Nodes(),
		Edges:       walk.Edges(),
	}
	if n.Elevation != "" {
		n.Attribution += "; elevation: SRTM (NASA, USGS)"
	}
	n.Streets = make(map[string][]byte, len(networks))
	for profile, streets := range networks {
		if n.Streets[profile], err = streets.MarshalBinary(); err != nil {
			return none, x.report, err
		}
		if len(n.Streets[profile]) > maxEncoded {
			return none, x.report, fmt.Errorf("%w: its streets take more than 1 GiB; take a smaller extract", errTooMuch)
		}
	}
	n.Basemap = features
	if n.Heights, err = ground.saved(ctx, n.Bounds, &x.report); err != nil {
		return none, x.report, err
	}
	return n, x.report, nil
}

// basemap makes the saved form of the basemap's features.
func (x *osmExtract) basemap(ctx context.Context) ([]byte, error) {
	features, err := x.features(ctx)
	if err != nil {
		return nil, err
	}
	saved, err := basemap.Encode(features)
	if err == nil && len(saved) > maxEncoded {
		err = fmt.Errorf("%w: its basemap takes more than 1 GiB; take a smaller extract", errTooMuch)
	}
	return saved, err
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
			return wholeFile(name, 0, c.reason, "%v", err)
		}
	}
	return fmt.Errorf("importers: %s: %w", baseName(name), err)
}
