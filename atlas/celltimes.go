package atlas

import "context"

// CellTimes gives for each of Cells the seconds to the nearest and to the second nearest station of q: +Inf without a way, NaN
// without a street within reach. The slices are shared and not to be changed.
func (a *Atlas) CellTimes(ctx context.Context, profile string, q StationQuery) (nearest, second []float32, err error) {
	t, err := a.by(profile)
	if err != nil {
		return nil, nil, err
	}
	s, err := t.served(ctx, a.serving(t, q))
	if err != nil {
		return nil, nil, err
	}
	return s.times[0], s.times[1], nil
}

// CellsOf gives the indexes in Cells of those that count for the key area with this ID. It is shared and not to be changed.
func (a *Atlas) CellsOf(area int64) []int { return a.grid.areas[area] }
