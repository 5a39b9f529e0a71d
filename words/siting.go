package words

// sitingSentences are what is said of a question where stations should stand.
var sitingSentences = map[string]told{
	"serve too much in all; take fewer, a shorter time or a smaller area": {
		"合计可达的网格过多；请减少候选点、缩短时间或缩小范围。",
		"ཁྱོན་བསྡོམས་ཟིན་པའི་དྲ་མིག་མང་དྲགས། འདེམས་ས་ཉུང་དུ་གཏོང་བའམ་དུས་ཚོད་ཐུང་ངུའམ་ཁྱབ་ཁོངས་ཆུང་ངུ་འདེམས་རོགས།",
	},
	"is too large": {
		"过大。",
		"ཆེ་དྲགས།",
	},
	"must not be negative": {
		"不得小于 0。",
		"0 ལས་ཆུང་མི་ཆོག",
	},
	"does not go with this objective": {
		"不适用于此目标。",
		"དམིགས་ཡུལ་འདི་དང་མི་མཐུན།",
	},
	"of stations do not go with being served twice: two types could stand at one place": {
		"多种站点类型不能与交叉覆盖同用：同一地点可能设两种站点。",
		"རིགས་མང་པོ་ནི་ཐེངས་གཉིས་ཁྱབ་པ་དང་མི་མཐུན། གནས་གཅིག་ཏུ་རིགས་གཉིས་བཙུགས་སྲིད།",
	},
	"holds no cell on which coverage is counted": {
		"范围内没有参与统计的网格。",
		"ཁྱབ་ཁོངས་ནང་རྩི་བྱའི་དྲ་མིག་མི་འདུག",
	},
	"there are no key areas; draw where stations are asked for": {
		"没有重点区域；请在地图上绘制需要服务的范围。",
		"གནད་ཆེའི་ས་ཁུལ་མི་འདུག ཞབས་ཞུ་དགོས་པའི་ཁྱབ་ཁོངས་སྤྲིས་རོགས།",
	},
	"are more than %d places; take fewer, further apart, or draw where they may be": {
		"多于 %d 处；请加大间距或绘制候选范围。",
		"གནས་ %d ལས་མང་འདུག བར་ཐག་རིང་དུ་གཏོང་བའམ་འདེམས་ཁོངས་སྤྲིས་རོགས།",
	},
	"are more places than the %d stations that there may be": {
		"多于允许的 %d 个站点。",
		"ཆོག་པའི་ས་ཚིགས་ %d ལས་མང་འདུག",
	},
	"does not go with the least time in all: everybody goes to one station": {
		"不能与总时间最短同用：每人只去一个站点。",
		"དུས་ཚོད་བསྡོམས་ཐུང་ཤོས་དང་མི་མཐུན། མི་རེ་ས་ཚིགས་གཅིག་ཏུ་འགྲོ།",
	},
	"there is no place with a street where a station may come": {
		"没有临近道路、可以设站的地点。",
		"ལམ་དང་ཉེ་བའི་ས་ཚིགས་འཛུགས་ས་མི་འདུག",
	},
	"and types of stations go with \"most\" only": {
		"和站点类型只用于“覆盖最多”。",
		"དང་ས་ཚིགས་ཀྱི་རིགས་ནི་“ཁྱབ་ཁོངས་ཆེ་ཤོས་”ཁོ་ནར་སྤྱོད་རུང་།",
	},
	"must be above 0 and at most 1": {
		"应大于 0 且不大于 1。",
		"0 ལས་ཆེ་ཞིང་ 1 ལས་མི་ཆེ་བ་དགོས།",
	},
	"needs a cost that is not negative and a number from 0 to %d": {
		"费用不得小于 0，数量应为 0 至 %d。",
		"འགྲོ་གྲོན་ 0 ལས་མི་ཆུང་བ་དང་གྲངས་ 0 ནས་ %d བར་དགོས།",
	},
	"must be from 20 to 5,000 m": {
		"应为 20 至 5,000 米。",
		"མི་ཊར་ 20 ནས་ 5,000 བར་དགོས།",
	},
	"is one of key areas, and does not go with a drawn area": {
		"是对重点区域而言，不能与绘制的范围同用。",
		"གནད་ཆེའི་ས་ཁུལ་ལ་དམིགས་པས་སྤྲིས་པའི་ཁྱབ་ཁོངས་དང་མི་མཐུན།",
	},
	"does not go with these weights": {
		"不适用于此统计口径。",
		"རྩི་གཞི་འདི་དང་མི་མཐུན།",
	},
	"is no key area": {
		"不是重点区域。",
		"གནད་ཆེའི་ས་ཁུལ་མིན།",
	},
	"has no street for this profile within reach": {
		"附近没有适于此出行方式的道路。",
		"ཉེ་འགྲམ་དུ་འགྲོ་སྟངས་འདིའི་ལམ་མི་འདུག",
	},
	"must be from 0 to 1": {
		"应为 0 至 1。",
		"0 ནས་ 1 བར་དགོས།",
	},
	"needs a number of stations, or a budget": {
		"需要站点数量或预算。",
		"ས་ཚིགས་གྲངས་སམ་སྔོན་རྩིས་དགོས།",
	},
	"has no points": {
		"没有地点。",
		"གནས་མི་འདུག",
	},
	"must be 1 or 2": {
		"应为 1 或 2。",
		"1 ཡང་ན་ 2 དགོས།",
	},
	"has no plan: it is %s": {
		"没有方案：当前状态为 %s。",
		"འཆར་གཞི་མི་འདུག ད་ལྟའི་གནས་ཚུལ་ %s",
	},
}
