package words

// scenarioSentences are what is said of plans on trial.
var scenarioSentences = map[string]told{
	"was adopted at %s": {
		"已于 %s 采纳，不能再改。",
		"%s ལ་ངོས་ལེན་བྱས་ཟིན། བཅོས་མི་ཆོག",
	},
	"was changed at %s; read it again": {
		"已于 %s 被修改；请重新打开。",
		"%s ལ་བཅོས་ཟིན། ཡང་བསྐྱར་ཁ་ཕྱེ་རོགས།",
	},
	"is added twice": {
		"被新增了两次。",
		"ཐེངས་གཉིས་བསྣན་འདུག",
	},
	"is neither in the record nor added before": {
		"既不在数据库中，也未在前面新增。",
		"གཞི་གྲངས་ནང་མེད་ལ་སྔོན་ལ་བསྣན་པའང་མིན།",
	},
	"are none: there is nothing to adopt": {
		"为空：没有可采纳的内容。",
		"མི་འདུག ངོས་ལེན་བྱེད་རྒྱུ་མེད།",
	},
	"must be planned or open": {
		"应为 planned（规划）或 open（运营）。",
		"planned ཡང་ན་ open ཡིན་དགོས།",
	},
	"must be the number of a station, or one below 0 for a station that is added": {
		"应为站点的编号；新增站点用小于 0 的数。",
		"ས་ཚིགས་ཀྱི་ཨང་ཡིན་དགོས། གསར་སྣོན་ལ་ 0 ལས་ཆུང་བ་དགོས།",
	},
	"cannot be made any more": {
		"已无法执行。",
		"ད་བཟོ་མི་ཐུབ།",
	},
}
