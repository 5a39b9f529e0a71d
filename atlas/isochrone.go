package atlas

import (
	"context"
	"errors"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/service"
)

// The resolutions of isochrones.
const (
	coarsestCells = 7
	finestCells   = 11
)

// Isochrone is what lies within a time of p by a profile. Errors: ReasonNoNetwork without streets, ReasonNoAccess when no
// street lies within reach of p, ReasonRange when the area would need too many cells.
func (a *Atlas) Isochrone(ctx context.Context, profile string, p orb.Point, o service.IsochroneOptions) (*service.Isochrone, error) {
	t, err := a.by(profile)
	if err != nil {
		return nil, err
	}
	link, err := a.link(t, p)
	if err != nil {
		return nil, err
	}
	if o.Resolution != 0 && (o.Resolution < coarsestCells || o.Resolution > finestCells) {
		return nil, kora.Refuse(kora.ReasonRange, "resolution", o.Resolution, "must be 0 or from 7 to 11")
	}
	i, err := service.IsochroneOf(ctx, t.streets, link, o)
	if errors.Is(err, service.ErrTooManyCells) {
		return nil, kora.Refuse(kora.ReasonRange, "minutes, resolution", nil, "the area needs too many cells; take a shorter time or a coarser resolution")
	}
	return i, err
}
