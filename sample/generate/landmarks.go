package main

// A landmark is a named point of the basemap.
type landmark struct {
	zh, bo, en string
	lon, lat   float64
	key, value string
	more       [2]string // another tag
}

// landmarks are seats of counties, parts of the city, villages, passes and peaks. Places are good to about a kilometre.
func landmarks() []landmark {
	place := func(value, zh, bo, en string, lon, lat float64) landmark {
		return landmark{zh, bo, en, lon, lat, "place", value, [2]string{}}
	}
	station := func(zh, bo, en string, lon, lat float64) landmark {
		return landmark{zh, bo, en, lon, lat, "railway", "station", [2]string{}}
	}
	airport := func(zh, bo, en string, lon, lat float64, iata string) landmark {
		return landmark{zh, bo, en, lon, lat, "aeroway", "aerodrome", [2]string{"iata", iata}}
	}
	peak := func(value, zh, bo, en string, lon, lat float64, ele string) landmark {
		return landmark{zh, bo, en, lon, lat, "natural", value, [2]string{"ele", ele}}
	}
	return []landmark{
		place("city", "拉萨", "ལྷ་ས།", "Lhasa", 91.1225, 29.6535),
		place("city", "林芝", "ཉིང་ཁྲི།", "Nyingchi", 94.3605, 29.6400),
		place("town", "堆龙德庆", "སྟོད་ལུང་བདེ་ཆེན།", "Doilungdêqên", 91.0011, 29.6466),
		place("town", "达孜", "སྟག་རྩེ།", "Dagzê", 91.3428, 29.6732),
		place("town", "林周", "ལྷུན་གྲུབ།", "Lhünzhub", 91.2490, 29.9024),
		place("town", "当雄", "འདམ་གཞུང་།", "Damxung", 91.1098, 30.4758),
		place("town", "尼木", "སྙེ་མོ།", "Nyêmo", 90.1672, 29.4309),
		place("town", "曲水", "ཆུ་ཤུར།", "Qüxü", 90.7294, 29.3580),
		place("town", "墨竹工卡", "མལ་གྲོ་གུང་དཀར།", "Maizhokunggar", 91.7247, 29.8370),
		place("town", "工布江达", "ཀོང་པོ་རྒྱ་མདའ།", "Gongbo'gyamda", 93.2443, 29.8885),
		place("town", "米林", "སྨན་གླིང་།", "Mainling", 94.2124, 29.2161),
		place("town", "朗县", "སྣང་རྫོང་།", "Nang", 93.0730, 29.0484),
		place("town", "波密", "སྤོ་མེས།", "Bomê", 95.7570, 29.8593),
		place("town", "墨脱", "མེ་ཏོག།", "Mêdog", 95.3323, 29.3261),
		place("town", "察隅", "རྫ་ཡུལ།", "Zayü", 97.4664, 28.6617),
		place("village", "羊八井", "ཡངས་པ་ཅན།", "Yangbajain", 90.5500, 30.1000),
		place("village", "日多", "", "Rutog", 92.2200, 29.6900),
		place("village", "松多", "", "Sumdo", 92.5000, 29.8960),
		place("village", "金达", "", "Jinda", 92.9300, 29.9800),
		place("village", "巴河", "", "Bahe", 93.6600, 29.8600),
		place("village", "百巴", "", "Baiba", 93.9300, 29.7800),
		place("village", "鲁朗", "", "Lulang", 94.7400, 29.7720),
		place("village", "通麦", "", "Tongmai", 95.0700, 30.1000),
		place("village", "派镇", "", "Pai", 94.8800, 29.5200),
		place("suburb", "柳梧", "སྣེའུ།", "Liuwu", 91.0758, 29.6262),
		place("suburb", "东嘎", "", "Donggar", 91.0060, 29.6560),
		place("suburb", "乃琼", "", "Naiqiong", 90.9480, 29.6390),
		place("suburb", "蔡公堂", "ཚལ་གུང་ཐང་།", "Tsel Gungtang", 91.2250, 29.6370),
		place("suburb", "纳金", "", "Najin", 91.2000, 29.6690),
		place("suburb", "娘热", "ཉང་བྲན།", "Nyangbran", 91.1050, 29.6880),
		place("suburb", "夺底", "དོག་སྡེ།", "Dogde", 91.1470, 29.6900),
		place("suburb", "经济技术开发区", "དཔལ་འབྱོར་གསར་སྤེལ་ཁུལ།", "Development Zone", 91.0230, 29.6360),
		place("suburb", "林芝经济开发区", "དཔལ་འབྱོར་གསར་སྤེལ་ཁུལ།", "Nyingchi Development Zone", 94.3330, 29.6420),
		place("suburb", "慈觉林", "", "Cijuelin", 91.1160, 29.6278),
		place("quarter", "八廓", "བར་སྐོར།", "Barkhor", 91.1335, 29.6526),
		place("quarter", "扎细", "", "Zhaxi", 91.1345, 29.6690),
		place("quarter", "嘎玛贡桑", "", "Gamagongsang", 91.1470, 29.6590),
		place("quarter", "公德林", "ཀུན་བདེ་གླིང་།", "Kundeling", 91.1060, 29.6500),
		place("quarter", "仙足岛", "", "Xianzu Island", 91.1330, 29.6425),
		place("quarter", "太阳岛", "", "Sun Island", 91.1100, 29.6405),
		place("locality", "大昭寺", "ཇོ་ཁང་།", "Jokhang Temple", 91.1317, 29.6531),
		place("locality", "小昭寺", "ར་མོ་ཆེ།", "Ramoche Temple", 91.1303, 29.6590),
		place("locality", "布达拉宫", "པོ་ཏ་ལ།", "Potala Palace", 91.1169, 29.6572),
		place("locality", "罗布林卡", "ནོར་བུ་གླིང་ཁ།", "Norbulingka", 91.0917, 29.6534),
		place("locality", "色拉寺", "སེ་ར་དགོན་པ།", "Sera Monastery", 91.1335, 29.6983),
		place("locality", "哲蚌寺", "འབྲས་སྤུངས་དགོན་པ།", "Drepung Monastery", 91.0480, 29.6762),
		place("locality", "拉鲁湿地", "ལྷ་ཀླུའི་འདམ་ར།", "Lhalu Wetland", 91.0930, 29.6712),
		place("locality", "西藏大学", "བོད་ལྗོངས་སློབ་གྲྭ་ཆེན་མོ།", "Tibet University", 91.1805, 29.6480),
		place("locality", "拉萨站", "ལྷ་ས་འབབ་ཚུགས།", "Lhasa Railway Station", 91.0660, 29.6229),
		place("locality", "林芝站", "ཉིང་ཁྲི་འབབ་ཚུགས།", "Nyingchi Railway Station", 94.3900, 29.6020),

		station("拉萨站", "ལྷ་ས་འབབ་ཚུགས།", "Lhasa Railway Station", 91.0660, 29.6229),
		station("林芝站", "ཉིང་ཁྲི་འབབ་ཚུགས།", "Nyingchi Railway Station", 94.3900, 29.6020),
		airport("米林机场", "", "Nyingchi Mainling Airport", 94.3350, 29.3030, "LZY"),

		peak("saddle", "米拉山口", "", "Mila Pass", 92.3400, 29.8200, "5013"),
		peak("saddle", "色季拉山口", "", "Serkhyimla Pass", 94.6500, 29.6200, "4728"),
		peak("peak", "南迦巴瓦峰", "གནམ་ལྕགས་འབར་བ།", "Namcha Barwa", 95.0550, 29.6300, "7782"),
		peak("peak", "加拉白垒峰", "རྒྱ་ལ་དཔལ་རི།", "Gyala Peri", 94.9680, 29.8140, "7294"),
		peak("peak", "念青唐古拉峰", "གཉན་ཆེན་ཐང་ལྷ།", "Nyenchen Tanglha", 90.5790, 30.3850, "7162"),
	}
}

// railways are single lines, never a yard.
func railways() []line {
	bend := func(feature string, step, sway float64, lonLats ...float64) line {
		return course(lonLats...).wander(feature, step, sway).ease().simplified(roughly)
	}
	return []line{
		bend("qinghai–tibet railway", 2500, 0.02, 91.3000, 30.5900, 91.1200, 30.4850, 90.9000, 30.3900, 90.7400, 30.3000, 90.5700, 30.1200,
			90.7200, 29.9300, 90.8500, 29.8000, 90.9200, 29.7200, 90.9480, 29.6700, 90.9640, 29.6480).concat(
			course(90.9720, 29.6300, 90.9860, 29.6190, 91.0020, 29.6110, 91.0200, 29.6115, 91.0420, 29.6185, 91.0560, 29.6215, 91.0660, 29.6226, 91.0820, 29.6222).smooth(200)),
		bend("lhasa–nyingchi railway", 2500, 0.03, 91.0200, 29.6115, 90.9900, 29.5900, 90.9550, 29.5300, 90.9700, 29.4400, 91.0000, 29.3500, 91.0400, 29.2650, 91.4000, 29.2450,
			91.7700, 29.2300, 92.1500, 29.2300, 92.5900, 29.1380, 93.0700, 29.0380, 93.5000, 29.0650, 93.9000, 29.1450, 94.1900, 29.1960, 94.2300, 29.2080,
			94.3200, 29.2780, 94.4300, 29.3620, 94.4950, 29.4400, 94.5050, 29.5000, 94.4700, 29.5500, 94.3900, 29.6020),
	}
}

func (l line) concat(o line) line { return append(append(line{}, l...), o...) }

// A lake is drawn as a ring with a ragged shore.
type lake struct {
	zh, bo, en string
	shore      ring
}

func lakes() []lake {
	ragged := func(feature string, lonLats ...float64) ring {
		l := append(course(lonLats...), at(lonLats[0], lonLats[1]))
		l = l.wander(feature, 1800, 0.1).ease()
		return ring(l[:len(l)-1])
	}
	return []lake{
		{"纳木错", "གནམ་མཚོ།", "Namtso", ragged("namtso", 90.2700, 30.7600, 90.3200, 30.6000, 90.4600, 30.5300, 90.6200, 30.6000, 90.7800, 30.6900,
			91.0200, 30.7700, 91.0300, 30.8300, 90.8200, 30.9000, 90.6000, 30.8900, 90.4200, 30.8400)},
		{"巴松措", "བྲག་གསུམ་མཚོ།", "Basum Tso", ragged("basum tso", 93.9000, 30.0080, 93.9500, 30.0020, 94.0000, 30.0040, 94.0500, 30.0180,
			94.0450, 30.0280, 93.9900, 30.0190, 93.9400, 30.0150, 93.9050, 30.0170)},
	}
}
