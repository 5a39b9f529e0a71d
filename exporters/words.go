package exporters

// What tables call the codes of the domain: words that importers reads, where it reads a table of the kind.
var (
	kindWords = map[string]string{"union_station": "工会驿站", "oxygen_bar": "高原氧吧", "drivers_home": "司机之家"}

	statusWords = map[string]string{
		"planned": "规划", "building": "在建", "trial": "试运行", "open": "运营", "paused": "暂停", "closed": "关闭",
	}

	facilityWords = map[string]string{
		"water": "饮水", "hot_meal": "热饭", "charge_phone": "手机充电", "charge_ebike": "电动车充电", "wifi": "WiFi",
		"first_aid": "药箱", "aed": "AED", "oxygen_machine": "制氧机", "oxygen_diffuse": "弥散供氧", "toilet": "卫生间",
		"rest_seat": "桌椅", "bed": "午休床", "heating": "取暖", "aircon": "空调", "fridge": "冰箱", "books": "图书",
		"bp_meter": "血压计", "umbrella": "雨具", "tools": "维修工具", "mother_baby": "母婴室", "shower": "淋浴", "laundry": "洗衣",
		"printer": "打印", "cctv": "监控", "truck_parking": "货车位", "meals": "餐食", "wheelchair": "无障碍",
	}

	parcelStatusWords = map[string]string{
		"reserve": "储备", "preparing": "整理中", "ready": "净地（可供）", "promoted": "推介", "pre_announced": "预公告",
		"announced": "出让公告", "registration": "报名中", "bidding": "竞价中", "result_notice": "成交公示", "signed": "已签约",
		"delivered": "已交地", "supplied": "已供", "unsold": "流拍", "suspended": "中止", "terminated": "终止", "withdrawn": "下架",
	}

	schemeWords = map[string]string{"2023": "国土空间用途分类指南（2023）", "2017": "GB/T 21010-2017"}

	supplyWords = map[string]string{
		"HB": "划拨", "XY": "协议出让", "ZB": "招标", "PM": "拍卖", "GP": "挂牌", "ZL": "租赁", "ZJ": "作价出资", "SQ": "授权经营",
		"RS": "集体经营性建设用地入市",
	}

	utilityWords = map[string]string{
		"road": "路", "water": "给水", "drainage": "排水", "power": "电", "telecom": "通信", "heating": "供热", "gas": "燃气",
		"levelled": "场地平整",
	}

	profileWords = map[string]string{"walk": "步行", "ebike": "电动自行车", "car": "小汽车", "truck": "货车"}
)
