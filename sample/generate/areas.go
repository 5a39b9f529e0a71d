package main

import "fmt"

// keyAreas are 重点区域 for the service circle, drawn along main streets.
func keyAreas() []struct {
	code   string
	name   name
	county string
	ring   ring
} {
	return []struct {
		code   string
		name   name
		county string
		ring   ring
	}{
		{"LS-A1", name{"八廓老城", "བར་སྐོར་གྲོང་ཁྱེར་རྙིང་པ།", "Barkhor and Old Town"}, "540102", area(
			91.1256, 29.6444, 91.1258, 29.6396, 91.1320, 29.6408, 91.1400, 29.6422, 91.1515, 29.6430, 91.1515, 29.6452, 91.1512, 29.6487, 91.1503, 29.6562,
			91.1505, 29.6614, 91.1435, 29.6611, 91.1340, 29.6615, 91.1297, 29.6618, 91.1262, 29.6622, 91.1257, 29.6590, 91.1255, 29.6554)},
		{"LS-A2", name{"布达拉宫—宇拓路", "པོ་ཏ་ལ་དང་གཡུ་ཐོག་ལམ།", "Potala and Yuthok Road"}, "540102", area(
			91.0966, 29.6440, 91.1035, 29.6442, 91.1130, 29.6443, 91.1256, 29.6444, 91.1255, 29.6554, 91.1257, 29.6590,
			91.1262, 29.6622, 91.1200, 29.6625, 91.1145, 29.6619, 91.1112, 29.6602, 91.1033, 29.6610, 91.0973, 29.6610, 91.0970, 29.6563)},
		{"LS-A3", name{"东城纳金—西藏大学", "གྲོང་ཁྱེར་ཤར་རྒྱུད་དང་བོད་ལྗོངས་སློབ་གྲྭ་ཆེན་མོ།", "East Town and Tibet University"}, "540102", area(
			91.1505, 29.6614, 91.1503, 29.6562, 91.1512, 29.6487, 91.1600, 29.6432, 91.1700, 29.6430, 91.1800, 29.6432, 91.1870, 29.6456,
			91.1952, 29.6480, 91.1960, 29.6556, 91.1955, 29.6622, 91.1950, 29.6679, 91.1868, 29.6667, 91.1770, 29.6650, 91.1688, 29.6636, 91.1590, 29.6622)},
		{"LS-A4", name{"柳梧新区", "སྣེའུ་ཁུལ་གསར།", "Liuwu New District"}, "540103", area(
			91.0540, 29.6225, 91.0660, 29.6240, 91.0758, 29.6230, 91.0860, 29.6230, 91.0960, 29.6246, 91.0965, 29.6335, 91.0860, 29.6345,
			91.0760, 29.6346, 91.0660, 29.6332, 91.0560, 29.6310, 91.0540, 29.6290)},
		{"LS-A5", name{"堆龙—经开区", "སྟོད་ལུང་དང་གསར་སྤེལ་ཁུལ།", "Doilung and Development Zone"}, "540103", area(
			90.9870, 29.6395, 91.0010, 29.6360, 91.0120, 29.6295, 91.0215, 29.6315, 91.0312, 29.6340, 91.0400, 29.6390, 91.0440, 29.6440,
			91.0440, 29.6572, 91.0200, 29.6560, 91.0010, 29.6560, 90.9880, 29.6570)},
	}
}

func keyAreasJSON() ([]byte, error) {
	type properties struct {
		Code   string `json:"code"`
		Name   name   `json:"name"`
		County string `json:"county"`
		Sample bool   `json:"sample"`
	}
	var out []feature
	for _, a := range keyAreas() {
		out = append(out, feature{
			Properties: properties{a.code, a.name, a.county, true},
			Geometry:   geometry{"Polygon", [][]position{closedRing(a.ring, false)}},
		})
	}
	return collection(out)
}

// highwaysJSON joins the roads of each number to one course in the direction of rising chainage: from Shanghai (G318),
// from Beijing (G109) and from Ya'an (G4218), all three towards Lhasa and the west.
func highwaysJSON(ways []way) ([]byte, error) {
	type properties struct {
		Ref    string `json:"ref"`
		Name   name   `json:"name"`
		Sample bool   `json:"sample"`
	}
	var out []feature
	for _, h := range []struct {
		ref   string
		name  name
		start point
	}{
		{"G318", name{"318 国道", "རྒྱལ་ལམ་ ༣༡༨", "National Highway G318"}, at(96.09, 29.748)},
		{"G109", name{"109 国道", "རྒྱལ་ལམ་ ༡༠༩", "National Highway G109"}, at(91.45, 30.65)},
		{"G4218", name{"拉林高速公路 G4218", "མྱུར་ལམ་ G4218", "Expressway G4218"}, at(94.326, 29.662)},
	} {
		var parts []line
		for _, w := range ways {
			if w.road != nil && w.road.ref == h.ref {
				parts = append(parts, w.nodes)
			}
		}
		course, err := chain(parts, h.start)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", h.ref, err)
		}
		out = append(out, feature{
			Properties: properties{h.ref, h.name, true},
			Geometry:   geometry{"MultiLineString", [][]position{positions(course)}},
		})
	}
	return collection(out)
}

// chain joins parts end to end, from the one that begins nearest to start.
func chain(parts []line, start point) (line, error) {
	var out line
	for len(parts) > 0 {
		best, k := 1e12, 0
		for i, p := range parts {
			for _, e := range []point{p[0], p[len(p)-1]} {
				if d := dist(e, start); d < best {
					best, k = d, i
				}
			}
		}
		if out != nil && best > 1 {
			lon, lat := start.lonLat()
			return nil, fmt.Errorf("the course breaks off at %.4f, %.4f (next part %.0f m away)", lon, lat, best)
		}
		p := parts[k]
		if dist(p[len(p)-1], start) < dist(p[0], start) {
			p = p.reverse()
		}
		if out != nil {
			p = p[1:]
		}
		out = append(out, p...)
		start = out[len(out)-1]
		parts = append(parts[:k:k], parts[k+1:]...)
	}
	return out, nil
}
