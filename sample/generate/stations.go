package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A station as it is drawn: near a street, on which it is then laid.
type station struct {
	kind       string
	zh, bo, en string // of the invented word in its name
	lon, lat   float64
	county     string
	hours      string
	status     string
	area       float64
	standard   bool
	extra      string // facilities beyond those of its kind
	highway    string
	altitude   float64 // 0: worked out for the city
}

// Stations bear invented names of flowers, stones, animals and weather, so that nobody takes one for a real one.
func stations() []station {
	u := func(zh, bo, en string, lon, lat float64, county, hours string, area float64, extra string) station {
		return station{kind: "union_station", zh: zh, bo: bo, en: en, lon: lon, lat: lat, county: county, hours: hours,
			status: "open", area: area, standard: area >= 40, extra: extra}
	}
	o := func(zh, bo, en string, lon, lat float64, county, hours string, area float64, extra string) station {
		s := u(zh, bo, en, lon, lat, county, hours, area, extra)
		s.kind = "oxygen_bar"
		return s
	}
	d := func(zh, bo, en string, lon, lat float64, county, hours string, area float64, highway string, altitude float64, extra string) station {
		s := u(zh, bo, en, lon, lat, county, hours, area, extra)
		s.kind, s.highway, s.altitude = "drivers_home", highway, altitude
		return s
	}
	with := func(status string, s station) station { s.status = status; return s }
	const (
		chengguan, doilung, dagze = "540102", "540103", "540104"
		damxung, maizho           = "540122", "540127"
		bayi, gongbo, bome        = "540402", "540421", "540424"
	)
	return []station{
		// Old town.
		u("格桑花", "སྐལ་བཟང་མེ་ཏོག", "Kelsang Flower", 91.1300, 29.6556, chengguan, "08:00-22:00", 62, "umbrella;books"),
		u("松石", "གཡུ", "Turquoise", 91.1340, 29.6503, chengguan, "08:30-20:00", 45, "aed;umbrella"),
		u("青稞", "ནས", "Barley", 91.1296, 29.6600, chengguan, "Mo-Sa 09:00-19:00; Su 10:00-17:00", 38, "fridge"),
		u("布谷", "ཁུ་བྱུག", "Cuckoo", 91.1437, 29.6590, chengguan, "09:00-18:30", 40, "charge_ebike"),
		u("甜茶", "ཇ་མངར་མོ", "Sweet Tea", 91.1380, 29.6479, chengguan, "07:30-21:30", 52, "meals"),
		// Between the Potala and the Norbulingka.
		u("雪莲", "གངས་ལྷ་མེ་ཏོག", "Snow Lotus", 91.1232, 29.6552, chengguan, "08:30-20:30", 58, "aed;books;mother_baby"),
		u("珊瑚", "བྱུ་རུ", "Coral", 91.1215, 29.6498, chengguan, "09:00-19:00", 44, "fridge"),
		u("月光", "ཟླ་འོད", "Moonlight", 91.1255, 29.6460, chengguan, "10:00-02:00", 48, "charge_ebike;fridge"),
		u("杨柳", "ལྕང་མ", "Willow", 91.1035, 29.6538, chengguan, "09:00-18:30", 36, "umbrella"),
		u("珍珠", "མུ་ཏིག", "Pearl", 91.1104, 29.6443, chengguan, "Mo-Fr 09:00-18:30; Sa,Su 10:00-17:00", 32, ""),
		with("paused", u("彩虹", "འཇའ་ཚོན", "Rainbow", 91.1000, 29.6441, chengguan, "09:00-18:00", 30, "")),
		// East.
		u("日光", "ཉི་འོད", "Sunlight", 91.1695, 29.6570, chengguan, "24/7", 66, "oxygen_machine;charge_ebike;aed;cctv"),
		u("雪豹", "གསའ", "Snow Leopard", 91.1600, 29.6492, chengguan, "08:30-19:30", 46, "tools"),
		u("藏羚", "གཙོད", "Antelope", 91.1770, 29.6652, chengguan, "08:30-19:00", 42, "charge_ebike;tools"),
		u("桃花", "ཁམ་བུའི་མེ་ཏོག", "Peach Blossom", 91.1868, 29.6545, chengguan, "09:00-19:00", 40, "books"),
		u("骏马", "རྟ་མཆོག", "Steed", 91.1515, 29.6640, chengguan, "09:00-18:30", 38, "umbrella"),
		u("岩羊", "གནའ་བ", "Blue Sheep", 91.1503, 29.6530, chengguan, "Mo-Sa 09:00-19:00", 35, ""),
		with("trial", u("豌豆", "སྲན་མ", "Pea", 91.1960, 29.6562, chengguan, "10:00-17:00", 28, "")),
		// North.
		u("清泉", "ཆུ་མིག", "Spring", 91.1275, 29.6666, chengguan, "08:30-19:30", 44, "books"),
		u("雄鹰", "གླག", "Eagle", 91.1092, 29.6713, chengguan, "09:00-18:30", 36, ""),
		u("喜鹊", "སྐྱ་ཀ", "Magpie", 91.1400, 29.6719, chengguan, "08:30-19:00", 40, "charge_ebike"),
		u("柏树", "ཤུག་པ", "Juniper", 91.1312, 29.6830, chengguan, "Mo-Fr 09:00-18:00; Sa 10:00-16:00", 30, "umbrella"),
		u("白云", "སྤྲིན་དཀར", "White Cloud", 91.1190, 29.6718, chengguan, "09:00-18:30", 34, "fridge"),
		with("planned", u("瑞雪", "ཁ་བ", "Snow", 91.1520, 29.6730, chengguan, "09:00-18:30", 40, "")),
		// West.
		u("鹤", "ཁྲུང་ཁྲུང", "Crane", 91.0868, 29.6569, chengguan, "08:30-19:30", 42, "aed"),
		u("牦牛", "གཡག", "Yak", 91.0760, 29.6504, chengguan, "08:30-19:00", 45, "tools;charge_ebike"),
		u("核桃", "སྟར་ཀ", "Walnut", 91.0602, 29.6560, chengguan, "09:00-18:30", 32, ""),
		u("星光", "སྐར་འོད", "Starlight", 91.0682, 29.6437, chengguan, "16:00-02:00", 36, "charge_ebike"),
		u("琥珀", "སྤོས་ཤེལ", "Amber", 91.0530, 29.6599, chengguan, "09:00-18:00", 30, "umbrella"),
		// Liuwu and the south bank.
		u("雪山", "གངས་རི", "Snow Mountain", 91.0758, 29.6272, doilung, "24/7", 72, "oxygen_machine;charge_ebike;aed;cctv;bed"),
		u("鸿雁", "ངང་པ", "Wild Goose", 91.0660, 29.6243, doilung, "07:00-23:00", 55, "aed;printer"),
		u("小溪", "ཆུ་ཕྲན", "Brook", 91.0900, 29.6290, doilung, "09:00-18:30", 38, ""),
		u("苹果", "ཀུ་ཤུ", "Apple", 91.1160, 29.6290, chengguan, "09:30-18:30", 34, ""),
		// Doilungdêqên and the development zone.
		u("青松", "ཐང་ཤིང", "Pine", 91.0010, 29.6500, doilung, "08:30-19:00", 48, "aed;books"),
		u("草原", "རྩྭ་ཐང", "Grassland", 91.0205, 29.6400, doilung, "08:00-20:00", 50, "charge_ebike;tools"),
		u("酥油茶", "ཇ་སྲུབ་མ", "Butter Tea", 91.0300, 29.6550, doilung, "09:00-18:30", 36, "meals"),
		with("closed", u("水晶", "ཤེལ", "Crystal", 91.0110, 29.6395, doilung, "09:00-18:00", 28, "")),
		// Najin, Tsel Gungtang and Dagzê.
		u("鹿", "ཤྭ་བ", "Deer", 91.2050, 29.6684, chengguan, "09:00-18:30", 36, ""),
		u("杜鹃花", "སྟག་མའི་མེ་ཏོག", "Rhododendron", 91.2200, 29.6403, chengguan, "09:00-19:00", 44, "books"),
		u("糌粑", "རྩམ་པ", "Tsampa", 91.3428, 29.6733, dagze, "08:30-18:30", 46, "aed"),
		u("春雨", "དཔྱིད་ཆར", "Spring Rain", 91.3604, 29.6760, dagze, "Mo-Sa 08:30-19:00", 40, "charge_ebike"),
		u("银碗", "དངུལ་ཕོར", "Silver Bowl", 91.1215, 29.6445, chengguan, "08:30-19:30", 42, "fridge;umbrella"),

		o("清风", "བསིལ་རླུང", "Cool Breeze", 91.1290, 29.6544, chengguan, "09:00-23:00", 60, "aed"),
		o("蓝天", "གནམ་སྔོན", "Blue Sky", 91.1145, 29.6547, chengguan, "09:00-21:00", 75, "aed;mother_baby"),
		o("绿叶", "ལོ་མ", "Green Leaf", 91.0967, 29.6520, chengguan, "09:30-20:30", 50, ""),
		o("海螺", "དུང་དཀར", "White Conch", 91.0640, 29.6240, doilung, "06:30-24:00", 65, "aed;wheelchair"),
		o("晴空", "གནམ་དྭངས", "Clear Sky", 91.1790, 29.6587, chengguan, "10:00-20:00", 48, ""),
		o("云杉", "གསོམ་ཤིང", "Spruce", 91.1303, 29.6785, chengguan, "Mo-Sa 10:00-19:00", 40, ""),
		o("朝阳", "ཉི་ཤར", "Rising Sun", 91.0105, 29.6462, doilung, "10:00-20:00", 45, ""),
		o("湿地", "འདམ་ར", "Wetland", 91.0970, 29.6610, chengguan, "10:00-19:30", 42, "books"),

		d("平安", "བདེ་འཇགས", "Safe Journey", 90.9530, 29.6294, doilung, "24/7", 320, "G318", 3640, "meals;laundry;bed"),
		d("灯火", "སྒྲོན་མེ", "Lamplight", 90.5530, 30.0950, damxung, "06:30-24:00", 180, "G109", 4300, "oxygen_machine;bed"),
		d("帐篷", "གུར", "Tent", 91.1120, 30.4770, damxung, "07:00-23:00", 210, "G109", 4290, "oxygen_machine;meals"),
		d("车轮", "འཁོར་ལོ", "Wheel", 91.7247, 29.8352, maizho, "06:30-24:00", 240, "G318", 3840, "meals;bed;tools"),
		d("长路", "ལམ་རིང", "Long Road", 92.2190, 29.6900, maizho, "07:00-22:00", 150, "G318", 4370, "oxygen_machine"),
		d("热茶", "ཇ་ཚ་པོ", "Hot Tea", 92.5000, 29.8970, gongbo, "24/7", 260, "G318", 4200, "oxygen_machine;oxygen_diffuse;aed;bed;meals"),
		d("歇脚", "ངལ་གསོ", "Rest Awhile", 93.2300, 29.8800, gongbo, "06:00-24:00", 300, "G4218", 3440, "meals;laundry;bed;wheelchair"),
		d("铃铛", "དྲིལ་བུ", "Bell", 93.9300, 29.7700, bayi, "06:30-23:30", 280, "G4218", 3080, "meals;laundry;bed"),
		d("林海", "ནགས་ཚལ", "Forest", 94.7402, 29.7740, bayi, "07:00-22:30", 170, "G318", 3330, "meals;tools"),
		d("远山", "རི་རྒྱུད", "Far Hills", 95.7500, 29.8606, bome, "07:00-23:00", 200, "G318", 2725, "meals;bed;laundry"),
	}
}

// What each kind of station always has.
var kindFacilities = map[string]string{
	"union_station": "water;hot_meal;charge_phone;first_aid;rest_seat;wifi",
	"oxygen_bar":    "oxygen_machine;oxygen_diffuse;rest_seat;water;bp_meter;first_aid;charge_phone",
	"drivers_home":  "truck_parking;shower;water;hot_meal;toilet;rest_seat;charge_phone;first_aid;wifi;cctv",
}

var kindNames = map[string]name{
	"union_station": {"工会驿站", "བཟོ་ཚོགས་ས་ཚིགས།", "Union Station"},
	"oxygen_bar":    {"高原氧吧", "མཐོ་སྒང་འཚོ་རླུང་ཁང་།", "Oxygen Bar"},
	"drivers_home":  {"司机之家", "ཁ་ལོ་བའི་ཁྱིམ།", "Drivers' Home"},
}

var counties = map[string]name{
	"540102": {"城关区", "ཁྲིན་ཀོན་ཆུས།", "Chengguan"},
	"540103": {"堆龙德庆区", "སྟོད་ལུང་བདེ་ཆེན་ཆུས།", "Doilungdêqên"},
	"540104": {"达孜区", "སྟག་རྩེ་ཆུས།", "Dagzê"},
	"540122": {"当雄县", "འདམ་གཞུང་རྫོང་།", "Damxung"},
	"540127": {"墨竹工卡县", "མལ་གྲོ་གུང་དཀར་རྫོང་།", "Maizhokunggar"},
	"540402": {"巴宜区", "བྲག་ཡིབ་ཆུས།", "Bayi"},
	"540421": {"工布江达县", "ཀོང་པོ་རྒྱ་མདའ་རྫོང་།", "Gongbo'gyamda"},
	"540424": {"波密县", "སྤོ་མེས་རྫོང་།", "Bomê"},
	"540426": {"朗县", "སྣང་རྫོང་།", "Nang"},
	"540481": {"米林市", "སྨན་གླིང་གྲོང་ཁྱེར།", "Mainling"},
}

type name struct {
	ZH string `json:"zh"`
	BO string `json:"bo,omitempty"`
	EN string `json:"en,omitempty"`
}

// Metres from the middle of its street to a station's door.
const doorstep = 16

// stationsCSV lays the stations on their streets and writes them down.
func stationsCSV(ways []way) ([]byte, error) {
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	rows := [][]string{strings.Split("code,name_zh,name_bo,name_en,kind,status,lon,lat,county,address_zh,address_bo,address_en,"+
		"hours,facilities,standard,area_m2,altitude_m,highway,sample", ",")}
	count := map[string]int{}
	for _, s := range stations() {
		count[s.kind]++
		code := map[string]string{"union_station": "LS-YZ", "oxygen_bar": "LS-YB", "drivers_home": "SJ"}[s.kind]
		code = fmt.Sprintf("%s-%03d", code, count[s.kind])
		p, street, err := doorOn(at(s.lon, s.lat), ways, s.highway)
		if err != nil {
			return nil, fmt.Errorf("station %s: %w", code, err)
		}
		lon, lat := p.lonLat()
		kind, county := kindNames[s.kind], counties[s.county]
		address := name{county.ZH + "（示例位置）", county.BO, county.EN + " (sample place)"}
		if s.highway != "" {
			address = name{county.ZH + s.highway + "沿线（示例位置）", county.BO + " " + s.highway, s.highway + ", " + county.EN + " (sample place)"}
		} else if street != nil {
			address.ZH, address.EN = county.ZH+street.zh+"（示例位置）", street.en+", "+county.EN+" (sample place)"
			if street.bo != "" {
				address.BO = county.BO + " " + street.bo
			}
		}
		altitude := s.altitude
		if altitude == 0 {
			// The plain falls a metre or two a kilometre to the west and rises towards the slopes.
			altitude = math.Round(3648 + mul(s.lon-91.12, 110) + mul(max(0, s.lat-29.664), 900))
		}
		facilities := strings.Split(kindFacilities[s.kind], ";")
		if s.extra != "" {
			facilities = append(facilities, strings.Split(s.extra, ";")...)
		}
		rows = append(rows, []string{
			code, s.zh + kind.ZH, s.bo + "་" + kind.BO, s.en + " " + kind.EN, s.kind, s.status,
			degrees(lon), degrees(lat), s.county, address.ZH, address.BO, address.EN,
			s.hours, strings.Join(facilities, ";"), strconv.FormatBool(s.standard),
			strconv.FormatFloat(s.area, 'f', -1, 64), strconv.FormatFloat(altitude, 'f', -1, 64), s.highway, "true",
		})
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("stations: %w", err)
	}
	return buf.Bytes(), nil
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

// doorOn moves p to the side of the main street, or of the highway named, that it is nearest to.
func doorOn(p point, ways []way, highway string) (point, *road, error) {
	best := math.Inf(1)
	var foot point
	var on *road
	for _, w := range ways {
		if w.road == nil || w.bridge || highway != "" && w.road.ref != highway || highway == "" && w.class == "motorway" {
			continue
		}
		if q, d, _ := line(w.nodes).nearest(p); d < best {
			best, foot, on = d, q, w.road
		}
	}
	limit := 150.0
	if highway != "" {
		limit = 2500
	}
	if best > limit {
		return point{}, nil, fmt.Errorf("no street within %g m", limit)
	}
	aside := p.sub(foot)
	if aside.length() < 0.5 {
		aside = point{1, 1}
	}
	if on.zh == "" {
		on = nil
	}
	return foot.add(aside.unit().scale(doorstep)).round(), on, nil
}
