package kora

import "strings"

// useNames are the names of land uses by scheme and code, without the 用地 at their end: the level 1 and 2 uses on which
// parcels are offered, from the guide of 2023 and from GB/T 21010-2017. The same number has other meanings in the two.
var useNames = map[UseScheme]map[string]string{
	Scheme2023: {
		"05": "湿地", "06": "农业设施建设", "0601": "农村道路", "0602": "设施农",
		"07": "居住", "0701": "城镇住宅", "0702": "城镇社区服务设施", "0703": "农村宅基地", "0704": "农村社区服务设施",
		"08": "公共管理与公共服务", "0801": "机关团体", "0802": "科研", "0803": "文化", "0804": "教育", "0805": "体育", "0806": "医疗卫生", "0807": "社会福利",
		"09": "商业服务业", "0901": "商业", "0902": "商务金融", "0903": "娱乐", "0904": "其他商业服务业",
		"10": "工矿", "1001": "工业", "1002": "采矿", "1003": "盐田",
		"11": "仓储", "1101": "物流仓储", "1102": "储备库",
		"12": "交通运输", "1201": "铁路", "1202": "公路", "1203": "机场", "1204": "港口码头", "1205": "管道运输", "1206": "城市轨道交通",
		"1207": "城镇村道路", "1208": "交通场站", "1209": "其他交通设施",
		"13": "公用设施", "1301": "供水", "1302": "排水", "1303": "供电", "1304": "供燃气", "1305": "供热", "1306": "通信", "1307": "邮政",
		"1308": "广播电视设施", "1309": "环卫", "1310": "消防", "1311": "水工设施", "1312": "其他公用设施",
		"14": "绿地与开敞空间", "1401": "公园绿地", "1402": "防护绿地", "1403": "广场",
		"15": "特殊", "1501": "军事设施", "1502": "使领馆", "1503": "宗教", "1504": "文物古迹", "1505": "监教场所", "1506": "殡葬", "1507": "其他特殊",
		"16": "留白",
	},
	Scheme2017: {
		"05": "商服", "0501": "零售商业", "0502": "批发市场", "0503": "餐饮", "0504": "旅馆", "0505": "商务金融", "0506": "娱乐", "0507": "其他商服",
		"06": "工矿仓储", "0601": "工业", "0602": "采矿", "0603": "盐田", "0604": "仓储",
		"07": "住宅", "0701": "城镇住宅", "0702": "农村宅基地",
		"08": "公共管理与公共服务", "0801": "机关团体", "0802": "新闻出版", "0803": "教育", "0804": "科研", "0805": "医疗卫生",
		"0806": "社会福利", "0807": "文化设施", "0808": "体育", "0809": "公用设施", "0810": "公园与绿地",
		"09": "特殊", "0901": "军事设施", "0902": "使领馆", "0903": "监教场所", "0904": "宗教", "0905": "殡葬", "0906": "风景名胜设施",
		"10": "交通运输", "1001": "铁路", "1002": "轨道交通", "1003": "公路", "1004": "城镇村道路", "1005": "交通服务场站",
		"1006": "农村道路", "1007": "机场", "1008": "港口码头", "1009": "管道运输",
		"11": "水域及水利设施", "1101": "河流水面", "1102": "湖泊水面", "1103": "水库水面", "1104": "坑塘水面", "1105": "沿海滩涂", "1106": "内陆滩涂",
		"1107": "沟渠", "1108": "沼泽地", "1109": "水工建筑", "1110": "冰川及永久积雪",
		"12": "其他土地", "1201": "空闲地", "1202": "设施农", "1203": "田坎", "1204": "盐碱地", "1205": "沙地", "1206": "裸土地", "1207": "裸岩石砾地",
	},
}

// Name is what u's scheme calls it, or the wider use that it belongs to when it is not among those that are listed here;
// "" when neither is.
func (u LandUse) Name() string {
	for n := len(u.Code); n >= 2; n -= 2 {
		if name, ok := useNames[u.Scheme][u.Code[:n]]; ok {
			for _, end := range []string{"地", "道路", "水面", "滩涂", "沟渠", "积雪", "田坎"} {
				if strings.HasSuffix(name, end) {
					return name
				}
			}
			return name + "用地"
		}
	}
	return ""
}

// Names tells whether a text names the use u or the wider one that it belongs to.
func (u LandUse) Names(text string) bool {
	text = bareUse(text)
	for n := len(u.Code); n >= 2 && text != ""; n -= 2 {
		name, ok := useNames[u.Scheme][u.Code[:n]]
		if ok && (strings.Contains(name, text) || strings.Contains(text, name)) {
			return true
		}
	}
	return false
}

// UseNamed is the use that scheme has under just this name.
func UseNamed(scheme UseScheme, name string) (LandUse, bool) {
	name = bareUse(name)
	for code, n := range useNames[scheme] {
		if n == name {
			return LandUse{Code: code, Scheme: scheme}, true
		}
	}
	return LandUse{}, false
}

// Listed tells whether u is among the uses whose names are known here.
func (u LandUse) Listed() bool {
	_, ok := useNames[u.Scheme][u.Code]
	return ok
}

func bareUse(name string) string { return strings.TrimSuffix(strings.TrimSpace(name), "用地") }
