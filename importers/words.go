package importers

import (
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
	return "", kora.Refuse(kora.ReasonUnknown, field, s, "is not one of %v or their Chinese names", values)
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

var parcelStatusWords = map[string]kora.ParcelStatus{
	"储备": kora.ParcelReserve, "整理中": kora.ParcelPreparing, "净地": kora.ParcelReady, "净地(可供)": kora.ParcelReady, "可供": kora.ParcelReady,
	"推介": kora.ParcelPromoted, "推介中": kora.ParcelPromoted, "上架": kora.ParcelPromoted, "预公告": kora.ParcelPreAnnounced,
	"出让公告": kora.ParcelAnnounced, "公告": kora.ParcelAnnounced, "公告中": kora.ParcelAnnounced, "报名": kora.ParcelRegistration, "报名中": kora.ParcelRegistration,
	"挂牌中": kora.ParcelBidding, "拍卖中": kora.ParcelBidding, "竞价中": kora.ParcelBidding, "正在竞价": kora.ParcelBidding,
	"成交公示": kora.ParcelResult, "成交": kora.ParcelResult, "已签约": kora.ParcelSigned, "已交地": kora.ParcelDelivered, "已供": kora.ParcelSupplied, "已供地": kora.ParcelSupplied,
	"流拍": kora.ParcelUnsold, "流标": kora.ParcelUnsold, "中止": kora.ParcelSuspended, "终止": kora.ParcelTerminated, "下架": kora.ParcelWithdrawn,
}

var supplyWords = map[string]string{
	"划拨": "HB", "划拨供地": "HB", "协议": "XY", "协议出让": "XY", "招标": "ZB", "招标出让": "ZB", "拍卖": "PM", "拍卖出让": "PM", "挂牌": "GP", "挂牌出让": "GP",
	"租赁": "ZL", "先租后让": "ZL", "作价出资": "ZJ", "作价入股": "ZJ", "作价出资(入股)": "ZJ", "作价出资或入股": "ZJ", "授权经营": "SQ",
	"集体经营性建设用地入市": "RS", "集体入市": "RS",
}

// supplyCode is the code of a way of supply given by code or word.
func supplyCode(s string) (string, *kora.Error) {
	s = strings.ToUpper(fold(s))
	if code, ok := supplyWords[s]; ok {
		return code, nil
	}
	if slices.Contains(kora.SupplyModes(), s) || isNone(s) {
		return strings.Trim(s, "-/无"), nil
	}
	return "", kora.Refuse(kora.ReasonUnknown, "supply", s, "is not one of %v or their Chinese names", kora.SupplyModes())
}

var utilityWords = map[string][]string{
	"路": {"road"}, "道路": {"road"}, "通路": {"road"}, "通道路": {"road"},
	"水": {"water"}, "给水": {"water"}, "通水": {"water"}, "通给水": {"water"}, "供水": {"water"}, "通上水": {"water"},
	"排水": {"drainage"}, "通排水": {"drainage"}, "通下水": {"drainage"}, "雨污水": {"drainage"},
	"电": {"power"}, "供电": {"power"}, "通电": {"power"}, "电力": {"power"},
	"通信": {"telecom"}, "通讯": {"telecom"}, "通通讯": {"telecom"}, "通通信": {"telecom"}, "电信": {"telecom"}, "网络": {"telecom"},
	"供热": {"heating"}, "通暖": {"heating"}, "通热": {"heating"}, "供暖": {"heating"}, "热力": {"heating"},
	"燃气": {"gas"}, "通气": {"gas"}, "供气": {"gas"}, "通燃气": {"gas"}, "天然气": {"gas"},
	"场地平整": {"levelled"}, "土地平整": {"levelled"}, "平整": {"levelled"}, "场平": {"levelled"},
	"三通一平": {"road", "water", "power", "levelled"},
	"五通一平": {"road", "water", "power", "drainage", "telecom", "levelled"},
	"七通一平": {"road", "water", "power", "drainage", "telecom", "gas", "heating", "levelled"},
}

// utilityCodes reads what is laid on to a parcel, parted by 、，；|/ or blanks, without repeats.
func utilityCodes(s string) ([]string, *kora.Error) {
	if isNone(s) {
		return nil, nil
	}
	var codes []string
	for word := range strings.FieldsFuncSeq(fold(s), func(r rune) bool { return strings.ContainsRune("、,;|/。 \n\r\t", r) }) {
		some, ok := utilityWords[word]
		switch {
		case ok:
		case slices.Contains(kora.Utilities(), strings.ToLower(word)):
			some = []string{strings.ToLower(word)}
		default:
			return nil, kora.Refuse(kora.ReasonUnknown, "facilities", word, "is no utility that Kora knows, such as 路, 给水, 电 or 三通一平")
		}
		for _, code := range some {
			if !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	return codes, nil
}
