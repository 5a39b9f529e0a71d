package main

// A river has a middle line and, where it is wide enough to be drawn, banks.
type river struct {
	zh, bo, en string
	middle     line
	banks      ring   // nil for a mere line
	left       line   // the bank to the left when looking downstream
	right      line   //
	islands    []ring // sand and shingle in it
	mouth      bool   // it ends in another river
}

// Rivers, down the stream.
var (
	lhasaRiverCourse = []float64{
		91.7000, 29.8330, 91.6400, 29.8220, 91.5800, 29.8120, 91.5200, 29.8000, 91.4700, 29.7850, 91.4300, 29.7620,
		91.4000, 29.7350, 91.3700, 29.7060, 91.3450, 29.6855, 91.3200, 29.6815, 91.3000, 29.6765,
		91.2800, 29.6700, 91.2620, 29.6610, 91.2450, 29.6545, 91.2280, 29.6505, 91.2100, 29.6470, 91.1950, 29.6425,
		91.1800, 29.6396, 91.1650, 29.6392, 91.1500, 29.6406, 91.1380, 29.6396, 91.1250, 29.6374, 91.1120, 29.6362,
		91.1000, 29.6366, 91.0880, 29.6376, 91.0750, 29.6378, 91.0600, 29.6354, 91.0450, 29.6314, 91.0300, 29.6266,
		91.0150, 29.6214, 91.0000, 29.6160, 90.9850, 29.6085, 90.9700, 29.5985, 90.9550, 29.5850, 90.9400, 29.5700,
		90.9250, 29.5530, 90.9050, 29.5300, 90.8850, 29.5080, 90.8600, 29.4780, 90.8300, 29.4450, 90.8000, 29.4100,
		90.7700, 29.3750, 90.7450, 29.3420,
	}
	doilungRiverCourse = []float64{
		90.6200, 30.0300, 90.6900, 29.9500, 90.7600, 29.8780, 90.8300, 29.8130, 90.8900, 29.7500, 90.9300, 29.7010,
		90.9560, 29.6690, 90.9690, 29.6490, 90.9780, 29.6330, 90.9900, 29.6170,
	}
	niyangRiverCourse = []float64{
		92.4000, 29.8460, 92.5000, 29.8930, 92.7000, 29.9520, 92.9300, 29.9750, 93.0800, 29.9380, 93.2440, 29.8830,
		93.4200, 29.8540, 93.6600, 29.8550, 93.8000, 29.8150, 93.9300, 29.7740, 94.1300, 29.7400, 94.2500, 29.7050,
		94.3180, 29.6780, 94.3400, 29.6580, 94.3490, 29.6420, 94.3560, 29.6270, 94.3760, 29.6040, 94.4150, 29.5720,
		94.4650, 29.5430, 94.4900, 29.4950, 94.4720, 29.4450, 94.4550, 29.4100,
	}
	parlungCourse = []float64{
		96.0900, 29.7400, 95.9300, 29.7930, 95.7600, 29.8530, 95.6000, 29.8820, 95.4500, 29.9030, 95.2600, 29.9760,
		95.0850, 30.0900, 95.0500, 30.0200, 95.0900, 29.9200, 95.0900, 29.8200,
	}
	yarlungCourse = []float64{
		90.1500, 29.3300, 90.4500, 29.3480, 90.7450, 29.3380, 90.9000, 29.3150, 91.2000, 29.2850, 91.7600, 29.2620,
		92.2000, 29.2500, 92.5900, 29.1480, 92.8200, 29.1250, 93.0730, 29.0560, 93.3500, 29.0650, 93.6500, 29.1150,
		93.9000, 29.1650, 94.0800, 29.2120, 94.2124, 29.2280, 94.3100, 29.2960, 94.3900, 29.3550, 94.4550, 29.4100,
		94.6000, 29.4500, 94.7600, 29.4900, 94.8800, 29.5280, 94.9350, 29.5900, 95.0200, 29.6900, 95.0900, 29.8200,
		95.1700, 29.7700, 95.1500, 29.6300, 95.2300, 29.4700, 95.3000, 29.3500, 95.2700, 29.2300,
	}
)

func rivers() []river {
	lhasa := line(course(lhasaRiverCourse...)).wander("lhasa river", 700, 0.035).ease().smooth(110)
	upper, city := lhasa.split(at(91.4000, 29.7350))
	city, lower := city.split(at(90.94, 29.5700))
	niyang := line(course(niyangRiverCourse...)).wander("niyang", 900, 0.06).ease()
	niyangUpper, niyangBayi := niyang.split(at(94.2500, 29.7050))
	niyangBayi = niyangBayi.smooth(150)
	yarlung := line(course(yarlungCourse...)).wander("yarlung", 1500, 0.05).ease()
	yarlungUpper, yarlungMainling := yarlung.split(at(94.0800, 29.2120))
	yarlungMainling, yarlungLower := yarlungMainling.split(at(94.6000, 29.4500))

	lhasaName := river{zh: "拉萨河", bo: "ལྷ་ས་གཙང་པོ།", en: "Lhasa River"}
	niyangName := river{zh: "尼洋河", bo: "ཉང་ཆུ།", en: "Niyang River"}
	yarlungName := river{zh: "雅鲁藏布江", bo: "ཡར་ཀླུང་གཙང་པོ།", en: "Yarlung Tsangpo"}
	return []river{
		lhasaName.reach(upper, 0, ""),
		lhasaName.reach(city, 165, "lhasa banks").withIslands(),
		lhasaName.reach(lower, 0, ""),
		river{zh: "堆龙曲", bo: "སྟོད་ལུང་ཆུ།", en: "Doilung River"}.
			reach(line(course(doilungRiverCourse...)).wander("doilung river", 700, 0.05).ease(), 0, ""),
		niyangName.reach(niyangUpper, 0, ""),
		river{zh: niyangName.zh, bo: niyangName.bo, en: niyangName.en, mouth: true}.reach(niyangBayi, 110, "niyang banks"),
		yarlungName.reach(yarlungUpper, 0, ""),
		yarlungName.reach(yarlungMainling, 260, "yarlung banks"),
		yarlungName.reach(yarlungLower, 0, ""),
		river{zh: "帕隆藏布", en: "Parlung Tsangpo"}.
			reach(line(course(parlungCourse...)).wander("parlung", 1500, 0.06).ease(), 0, ""),
	}
}

// promenade is a street 45 m behind the bank, between the places nearest to two points.
func promenade(bank line, aside float64, from, to point) line {
	_, _, s0 := bank.nearest(from)
	_, _, s1 := bank.nearest(to)
	var l line
	for s := min(s0, s1); s < max(s0, s1); s += 160 { // coarse, so that it does not follow every dent
		p, _ := bank.along(s)
		l = append(l, p)
	}
	return l.beside(aside).ease()
}

// split cuts l at its corner nearest to p.
func (l line) split(p point) (before, after line) {
	k := 0
	for i := range l {
		if dist(l[i], p) < dist(l[k], p) {
			k = i
		}
	}
	return l[:k+1], l[k:]
}

// Metres over which a reach comes to its full width.
const taper = 2500

// reach gives r a middle line, and banks about half metres to both sides unless half is 0.
func (r river) reach(middle line, half float64, feature string) river {
	if half == 0 {
		r.middle = middle.simplified(roughly)
		return r
	}
	r.middle = middle
	rng := random(feature)
	left, right := make(line, 0, len(middle)), make(line, 0, len(middle))
	a, b := 1.0, 1.0
	total, s := middle.length(), 0.0
	for i, p := range middle {
		if i > 0 {
			s += dist(middle[i-1], p)
		}
		// Towards its ends, where a mere line goes on, a reach narrows.
		narrow := min(1, 0.12+s/taper)
		if !r.mouth {
			narrow = min(narrow, 0.12+(total-s)/taper)
		}
		// Widths drift, they do not jump.
		a = mul(0.85, a) + mul(0.15, between(rng, 0.3, 1.7))
		b = mul(0.85, b) + mul(0.15, between(rng, 0.3, 1.7))
		side := middle[min(len(middle)-1, i+1)].sub(middle[max(0, i-1)]).unit().left()
		left = append(left, p.add(side.scale(half*a*narrow)).round())
		right = append(right, p.sub(side.scale(half*b*narrow)).round())
	}
	r.left, r.right = left, right
	r.banks = ring(append(append(ring{}, right...), left.reverse()...))
	return r
}

// withIslands lays a few lenses of shingle along the middle.
func (r river) withIslands() river {
	for _, s := range []struct{ at, long, wide, aside float64 }{
		{9000, 900, 75, 40}, {17200, 620, 60, -45}, {25300, 760, 70, -50}, {32000, 840, 65, 45}, {37500, 980, 85, -35},
	} {
		if s.at+s.long > r.middle.length() {
			continue
		}
		shore := r.middle.part(s.at, s.at+s.long).beside(s.aside)
		n := len(shore) - 1
		var up, down line
		for i, p := range shore {
			t := float64(i) / float64(n)
			w := s.wide * 4 * t * (1 - t) * 0.5
			side := shore[min(n, i+1)].sub(shore[max(0, i-1)]).unit().left()
			up = append(up, p.add(side.scale(w)).round())
			if i > 0 && i < n {
				down = append(down, p.sub(side.scale(w)).round())
			}
		}
		r.islands = append(r.islands, ring(append(up, down.reverse()...)))
	}
	return r
}
