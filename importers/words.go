package importers

import (
	"fmt"
	"slices"
	"strings"

	"kora"
)

// What tables call the three kinds of station, over the years.
var kindWords = map[string]kora.Kind{
	"工会驿站": kora.KindUnion, "户外劳动者服务站点": kora.KindUnion, "户外劳动者服务站": kora.KindUnion, "户外劳动者驿站": kora.KindUnion,
	"爱心驿站": kora.KindUnion, "劳动驿站": kora.KindUnion, "驿站": kora.KindUnion, "工会户外劳动者服务站点": kora.KindUnion,
	"高原氧吧": kora.KindOxygen, "氧吧": kora.KindOxygen,
	"司机之家": kora.KindDrivers,
}

var statusWords = map[string]kora.Status{
	"规划": kora.StatusPlanned, "规划中": kora.StatusPlanned, "拟建": kora.StatusPlanned,
	"在建": kora.StatusBuilding, "建设中": kora.StatusBuilding,
	"试运行": kora.StatusTrial, "试运营": kora.StatusTrial,
	"运营": kora.StatusOpen, "运营中": kora.StatusOpen, "开放": kora.StatusOpen, "正常": kora.StatusOpen, "已投用": kora.StatusOpen, "投用": kora.StatusOpen,
	"暂停": kora.StatusPaused, "暂停开放": kora.StatusPaused, "临时关闭": kora.StatusPaused,
	"关闭": kora.StatusClosed, "已关闭": kora.StatusClosed, "撤销": kora.StatusClosed,
}

var facilityWords = map[string]string{
	"饮水": "water", "饮水机": "water", "饮用水": "water", "热水": "water", "开水": "water",
	"微波炉": "hot_meal", "热饭": "hot_meal", "加热饭菜": "hot_meal",
	"手机充电": "charge_phone", "充电": "charge_phone", "充电宝": "charge_phone", "充电设备": "charge_phone",
	"电动车充电": "charge_ebike", "电动车充换电": "charge_ebike", "换电": "charge_ebike", "换电柜": "charge_ebike",
	"wifi": "wifi", "wi-fi": "wifi", "无线网": "wifi", "无线网络": "wifi",
	"药箱": "first_aid", "急救箱": "first_aid", "急救包": "first_aid", "医药箱": "first_aid",
	"aed": "aed", "除颤仪": "aed", "自动体外除颤仪": "aed",
	"制氧机": "oxygen_machine", "吸氧机": "oxygen_machine",
	"弥散供氧": "oxygen_diffuse", "弥散式供氧": "oxygen_diffuse",
	"卫生间": "toilet", "厕所": "toilet", "洗手间": "toilet",
	"桌椅": "rest_seat", "沙发": "rest_seat", "座椅": "rest_seat", "休息座椅": "rest_seat",
	"床": "bed", "床位": "bed", "午休床": "bed",
	"取暖": "heating", "暖气": "heating", "供暖": "heating", "取暖器": "heating",
	"空调": "aircon", "冰箱": "fridge",
	"书屋": "books", "图书": "books", "书籍": "books", "书报": "books", "图书角": "books",
	"血压计": "bp_meter", "血氧仪": "bp_meter",
	"雨具": "umbrella", "雨伞": "umbrella",
	"工具": "tools", "维修工具": "tools", "工具箱": "tools", "打气筒": "tools",
	"母婴室": "mother_baby", "淋浴": "shower", "洗澡": "shower",
	"洗衣": "laundry", "洗衣机": "laundry", "打印": "printer", "打印机": "printer", "监控": "cctv",
	"货车位": "truck_parking", "货车停车位": "truck_parking", "货车停车": "truck_parking",
	"餐食": "meals", "餐饮": "meals", "简餐": "meals",
	"无障碍": "wheelchair", "无障碍通道": "wheelchair", "无障碍设施": "wheelchair",
}

// oneWord is the value that a word stands for, itself when it is a value already, "" for "".
func oneWord[T ~string](field, s string, words map[string]T, values []T) (T, *kora.Error) {
	s = strings.ToLower(fold(s))
	if v, ok := words[s]; ok {
		return v, nil
	}
	if s == "" || slices.Contains(values, T(s)) {
		return T(s), nil
	}
	return "", kora.Refuse(kora.ReasonUnknown, field, s, fmt.Sprintf("is not one of %v or their Chinese names", values))
}

// facilityCodes reads a list of facilities parted by 、，；|/ or blanks, sorted and without repeats.
func facilityCodes(s string) ([]string, *kora.Error) {
	var codes []string
	for _, word := range strings.FieldsFunc(fold(s), func(r rune) bool { return strings.ContainsRune("、,;|/。 \n\r\t", r) }) {
		code, err := oneWord("facilities", word, facilityWords, kora.Facilities())
		if err != nil {
			return nil, kora.Refuse(kora.ReasonUnknown, "facilities", word, "is not a facility that Kora knows")
		}
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return slices.Compact(codes), nil
}

// yes reads a cell that is ticked or not; "" is no.
func yes(field, s string) (bool, *kora.Error) {
	switch strings.ToLower(fold(s)) {
	case "是", "有", "√", "✓", "✔", "yes", "y", "true", "1":
		return true, nil
	case "", "否", "无", "×", "-", "no", "n", "false", "0":
		return false, nil
	}
	return false, kora.Refuse(kora.ReasonSyntax, field, fold(s), "is neither 是 nor 否")
}

// lonLatCRS is the EPSG code of the reference system that a cell names for a longitude and latitude; "" for "".
func lonLatCRS(field, s string) (string, *kora.Error) {
	key := strings.NewReplacer(" ", "", "-", "", "_", "", ":", "", "坐标系统", "", "坐标系", "", "坐标", "").Replace(strings.ToLower(fold(s)))
	switch key {
	case "":
		if fold(s) == "" {
			return "", nil
		}
	case "cgcs2000", "2000国家大地", "国家2000", "国家大地2000", "大地2000", "2000", "epsg4490", "4490", "天地图":
		return "EPSG:4490", nil
	case "wgs84", "gps", "epsg4326", "4326":
		return "EPSG:4326", nil
	case "gcj02", "gcj", "火星", "高德", "腾讯", "高德地图", "腾讯地图", "bd09", "bd09ll", "百度", "百度地图":
		return "", kora.Refuse(kora.ReasonCRS, field, fold(s),
			"is shifted by some 300 m for map apps, and Kora does not undo that; give the coordinates as surveyed, in CGCS2000 or WGS 84")
	}
	return "", kora.Refuse(kora.ReasonCRS, field, fold(s), "is not a reference system for longitude and latitude here; give CGCS2000 or WGS 84")
}
