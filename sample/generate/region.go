package main

// Roads between the towns of both cities, through the passes and county seats. Only their anchors are known to a
// kilometre or two; the bends between are made up.

// Metres by which a course in open country may be off its bends; they are made up anyway.
const roughly = 30

func rural(class, ref, feature string, sway float64, lonLats ...float64) road {
	l := course(lonLats...).wander(feature, 900, sway).ease().simplified(roughly)
	return road{class: class, ref: ref, course: l, raw: true}
}

// stretchOf is the part of l from the place nearest to one point to the place nearest to another.
func stretchOf(l line, from, to point) line {
	_, _, s0 := l.nearest(from)
	_, _, s1 := l.nearest(to)
	if s0 > s1 {
		return l.part(s1, s0).reverse()
	}
	return l.part(s0, s1)
}

// regionRoads run outside the towns. Valley roads keep beside their river.
func regionRoads(niyang, doilung, yarlung line) []road {
	valley := func(river line, aside float64, from, to point) line {
		return stretchOf(river, from, to).thin(600).beside(aside).ease()
	}
	through := func(class, ref string, parts ...line) road {
		var l line
		for _, p := range parts {
			l = append(l, p...)
		}
		return road{class: class, ref: ref, course: l.simplified(roughly), raw: true}
	}
	wander := func(feature string, lonLats ...float64) line {
		return course(lonLats...).wander(feature, 900, 0.06).ease()
	}
	return []road{
		// G318, from the east.
		rural("trunk", "G318", "g318 songzong", 0.07, 96.0900, 29.7480, 95.9300, 29.8000, 95.7700, 29.8560),
		through("trunk", "G318",
			wander("g318 tongmai", 95.7440, 29.8620, 95.6000, 29.8890, 95.4500, 29.9100, 95.2600, 29.9850, 95.0700, 30.1000,
				95.0100, 30.0400, 94.8900, 29.9850, 94.8000, 29.9300, 94.7600, 29.8500, 94.7400, 29.7860)),
		through("trunk", "G318",
			wander("g318 serkhyimla", 94.7380, 29.7600, 94.7200, 29.7150, 94.6800, 29.6650, 94.6500, 29.6200, 94.6100, 29.5980,
				94.5600, 29.5800, 94.4850, 29.5720, 94.4300, 29.5880, 94.4000, 29.6040, 94.3760, 29.6150)),
		through("trunk", "G318", course(94.3560, 29.6590, 94.3460, 29.6690, 94.3300, 29.6800, 94.3150, 29.6890, 94.2950, 29.6980),
			valley(niyang, -380, at(94.2600, 29.7040), at(93.2700, 29.8800)), course(93.2560, 29.8860)),
		through("trunk", "G318", course(93.2320, 29.8910),
			valley(niyang, -380, at(93.2100, 29.8920), at(92.4200, 29.8560)),
			wander("g318 mila", 92.3950, 29.8480, 92.3400, 29.8200, 92.3150, 29.7850, 92.2750, 29.7300, 92.2200, 29.6900,
				92.1300, 29.7000, 92.0200, 29.7350, 91.9000, 29.7750, 91.8000, 29.8080, 91.7330, 29.8330)),
		through("trunk", "G318",
			wander("g318 gyama", 91.7160, 29.8360, 91.6900, 29.8240, 91.6400, 29.8110, 91.5800, 29.8010, 91.5200, 29.7900, 91.4650, 29.7720,
				91.4250, 29.7430, 91.3960, 29.7120, 91.3700, 29.6812)),
		through("trunk", "G318",
			wander("g318 chushul", 90.9400, 29.6228, 90.9330, 29.6050, 90.9220, 29.5800, 90.9060, 29.5540, 90.8850, 29.5280, 90.8640, 29.5050,
				90.8380, 29.4750, 90.8080, 29.4430, 90.7780, 29.4080, 90.7500, 29.3750, 90.7330, 29.3620)),
		through("trunk", "G318",
			wander("g318 nyemo", 90.7250, 29.3560, 90.6800, 29.3520, 90.6000, 29.3560, 90.4500, 29.3660, 90.3000, 29.3560, 90.1700, 29.3750)),

		// G109, down the Doilung valley.
		through("trunk", "G109",
			wander("g109 damxung", 91.4500, 30.6500, 91.2500, 30.5500, 91.1180, 30.4800)),
		through("trunk", "G109",
			wander("g109 yangpachen", 91.1030, 30.4720, 91.0000, 30.4300, 90.9000, 30.3800, 90.7500, 30.2950, 90.6200, 30.2000, 90.5500, 30.1000, 90.5900, 30.0600),
			valley(doilung, 300, at(90.6350, 30.0130), at(90.9560, 29.6690)), course(90.9770, 29.6560)),

		// Towards the other county seats.
		through("secondary", "", wander("lhunzhub", 91.3428, 29.6782, 91.3420, 29.7000, 91.3100, 29.7500, 91.2850, 29.8200, 91.2500, 29.8960)),
		through("secondary", "", wander("nyemo", 90.1700, 29.3750, 90.1650, 29.4050, 90.1672, 29.4270)),
		through("secondary", "S306", course(94.3530, 29.6130),
			valley(niyang, -380, at(94.3800, 29.6000), at(94.4600, 29.4300)), course(94.4400, 29.4120, 94.4460, 29.3960)),
		through("trunk", "G219",
			course(93.0800, 29.0490), valley(yarlung, -520, at(93.1200, 29.0580), at(94.1700, 29.2200)), course(94.2050, 29.2150)),
		through("trunk", "G219", course(94.2210, 29.2190),
			valley(yarlung, -560, at(94.2500, 29.2540), at(94.4250, 29.3850)), course(94.4460, 29.3960)),
		through("trunk", "G219", course(94.4460, 29.3960),
			valley(yarlung, -560, at(94.4900, 29.4200), at(94.8600, 29.5200)), wander("doxong", 94.8800, 29.5200, 94.9800, 29.4950,
				95.0700, 29.4200, 95.1500, 29.3300, 95.2400, 29.3050, 95.3300, 29.3250)),
		through("secondary", "G559", wander("galung", 95.7570, 29.8560, 95.7000, 29.7700, 95.6000, 29.6500, 95.4800, 29.5000, 95.3400, 29.3310)),
		through("tertiary", "", wander("basum", 93.6600, 29.8590, 93.7500, 29.9300, 93.8700, 29.9800, 93.9500, 30.0000)),
	}
}

// motorway is G4218 from Bayi to Lhasa. It keeps clear of the streets: nobody walks there, and it meets them only at
// its two ends.
func motorway(niyang line) road {
	var l line
	l = append(l, course(94.3260, 29.6620, 94.3080, 29.6740)...)
	l = append(l, stretchOf(niyang, at(94.2800, 29.6920), at(92.4300, 29.8600)).thin(700).beside(420).ease()...)
	l = append(l, course(92.4000, 29.8380, 92.3400, 29.8060, 92.3000, 29.7680, 92.2600, 29.7170, 92.2150, 29.6830,
		92.1300, 29.6930, 92.0200, 29.7280, 91.9000, 29.7680, 91.8000, 29.8010, 91.7300, 29.8260, 91.6900, 29.8170, 91.6400, 29.8050,
		91.5800, 29.7950, 91.5200, 29.7840, 91.4700, 29.7660, 91.4320, 29.7380, 91.4020, 29.7080, 91.3760, 29.6760,
		91.3440, 29.6640, 91.3100, 29.6630, 91.2880, 29.6620, 91.2700, 29.6640, 91.2560, 29.6695, 91.2400, 29.6712).wander("g4218", 900, 0.03).ease()...)
	return road{zh: "拉林高速", bo: "", en: "Lhasa–Nyingchi Expressway", class: "motorway", ref: "G4218", course: l.simplified(roughly), raw: true}
}

// thin keeps a corner about every step metres.
func (l line) thin(step float64) line {
	n := max(2, int(l.length()/step))
	out := make(line, 0, n+1)
	for i := range n + 1 {
		p, _ := l.along(l.length() * float64(i) / float64(n))
		out = append(out, p.round())
	}
	return out
}
