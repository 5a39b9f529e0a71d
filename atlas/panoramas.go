package atlas

import (
	"cmp"
	"slices"

	"kora"
)

// Panorama is the one with this ID, nil when there is none.
func (a *Atlas) Panorama(id int64) *kora.Panorama {
	i, ok := slices.BinarySearchFunc(a.Panoramas, id, func(p *kora.Panorama, id int64) int { return cmp.Compare(p.ID, id) })
	if !ok {
		return nil
	}
	return a.Panoramas[i]
}

// PanoramasOf gives the panoramas of a parcel, by ID. The slice is the atlas's own.
func (a *Atlas) PanoramasOf(number string) []*kora.Panorama { return a.panoramasOf[number] }

// LiveSpots are the hot spots of a panorama that lead to what is on the map.
func (a *Atlas) LiveSpots(p *kora.Panorama) []kora.HotSpot {
	var live []kora.HotSpot
	for _, h := range p.HotSpots {
		if h.Panorama != 0 && a.Panorama(h.Panorama) != nil || h.Parcel != "" && a.Parcel(h.Parcel) != nil {
			live = append(live, h)
		}
	}
	return live
}

// takePanoramas applies changes; a is not published yet.
func (a *Atlas) takePanoramas(changed map[int64]*kora.Panorama) {
	a.Panoramas = merge(a.Panoramas, changed, func(p *kora.Panorama) int64 { return p.ID })
	a.panoramasOf = map[string][]*kora.Panorama{}
	for _, p := range a.Panoramas {
		a.panoramasOf[p.Parcel] = append(a.panoramasOf[p.Parcel], p)
	}
}
