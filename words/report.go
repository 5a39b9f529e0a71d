package words

// reportSentences are what the command line tells of an import.
var reportSentences = map[string]told{
	"%s: read as %s": {
		"%s：按 %s 编码读取",
		"%s：%s ཐོག་བཀླགས།",
	},
	"warning: %s": {
		"提示：%s",
		"གསལ་བརྡ། %s",
	},
	"%s: nothing was written; %d refused. Mend the file, or pass over them with --skip-faulty.": {
		"%s：没有写入；%d 条未通过。请修改文件，或用 --skip-faulty 跳过这些记录。",
		"%s：བྲིས་མེད། ངོས་ལེན་མ་བྱས་པ་ %d ཡིག་ཆ་བཅོས་རོགས། ཡང་ན་ --skip-faulty ཡིས་བཞག་རོགས།",
	},
	"%s: %d added, %d changed, %d left alone, %d refused": {
		"%s：新增 %d 条，修改 %d 条，未变 %d 条，未通过 %d 条",
		"%s：གསར་སྣོན་ %d བཟོ་བཅོས་ %d མ་འགྱུར་བ་ %d ངོས་ལེན་མ་བྱས་པ་ %d",
	},
	"%s: left alone; this extract is in use already": {
		"%s：未变；正在使用的就是这份数据",
		"%s：མ་འགྱུར། གཞི་གྲངས་འདི་བེད་སྤྱོད་བཞིན་པ་ཡིན།",
	},
	"%s: %d nodes and %d edges of %d streets": {
		"%[1]s：%[4]d 条道路，%[2]d 个节点，%[3]d 条边",
		"%[1]s：ལམ་ %[4]d མདུད་ཚེག་ %[2]d མཐའ་ཐིག་ %[3]d",
	},
	"slopes from %s": {
		"坡度取自 %s",
		"གཟར་ཚད་ %s ནས་བླངས།",
	},
	"of the heights every third is kept, because all would take too much": {
		"高程数据过大，每三个采样点保留一个",
		"མཐོ་ཚད་ཀྱི་གཞི་གྲངས་ཧ་ཅང་མང་བས་གསུམ་རེ་ནས་གཅིག་ཉར།",
	},
	"the heights are not kept, because they would take too much: altitude and slope of parcels are not known; take a smaller extract": {
		"高程数据过大，未保存：地块的海拔和坡度未知；请使用较小的路网数据",
		"མཐོ་ཚད་ཀྱི་གཞི་གྲངས་ཧ་ཅང་མང་བས་མ་ཉར། ས་ཆའི་མཐོ་ཚད་དང་གཟར་ཚད་མི་ཤེས། ལམ་དྲ་ཆུང་བ་ཞིག་བཀོལ་རོགས།",
	},
	"no elevation; the ground is taken as flat (--dem FOLDER gives slopes)": {
		"没有高程，按平地计算（--dem 文件夹 可提供坡度）",
		"མཐོ་ཚད་མེད་པས་ས་སྙོམས་པོར་རྩིས། (--dem ཡིས་གཟར་ཚད་ཐོབ།)",
	},
	"not in the elevation folder: %s": {
		"高程文件夹中缺少：%s",
		"མཐོ་ཚད་ཡིག་སྣོད་ནང་མི་འདུག %s",
	},
	"%.1f km of street without a known height are taken as flat": {
		"%.1f 公里道路没有高程，按平路计算",
		"མཐོ་ཚད་མི་ཤེས་པའི་ལམ་སྤྱི་ལེ་ %.1f སྙོམས་པོར་རྩིས།",
	},
	"%s: no street": {
		"%s：没有道路",
		"%s：ལམ་མི་འདུག",
	},
	"%s: %d junctions, %d streets between them, %d forbidden turns": {
		"%s：%d 个路口，其间道路 %d 段，禁止转弯 %d 处",
		"%s：ལམ་གྱི་མདོ་ %d བར་གྱི་ལམ་ %d འཁྱོག་མི་ཆོག་པ་ %d",
	},
	"%s: %.1f km of street in %d pieces are steeper than %.0f %%, and count as that steep": {
		"%[1]s：%.1[2]f 公里道路（%[3]d 段）坡度超过 %.0[4]f %%，按该坡度计算",
		"%[1]s：ལམ་སྤྱི་ལེ་ %.1[2]f (%[3]d) གཟར་ཚད་ %.0[4]f %% ལས་བརྒལ། ཚད་དེར་རྩིས།",
	},
	"%d of %d turn restrictions are not used: %s": {
		"%[2]d 条转弯限制中有 %[1]d 条未采用：%[3]s",
		"འཁྱོག་བཀག་ %[2]d ལས་ %[1]d བེད་མ་སྤྱད། %[3]s",
	},
	"%d points of streets lie outside the extract": {
		"%d 个道路节点在数据范围之外",
		"ལམ་གྱི་ཚེག་ %d གཞི་གྲངས་ཀྱི་ཕྱི་རོལ་དུ་འདུག",
	},
	"%d objects are left off the map because they must not be on a public one": {
		"%d 个对象不得在公开地图上显示，已略去",
		"དངོས་པོ་ %d སྤྱི་སྤྱོད་ས་ཁྲའི་ཐོག་མངོན་མི་ཆོག་པས་བཞག",
	},
}
