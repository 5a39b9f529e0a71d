package words

// recordSentences are what the domain, the record and matching say.
var recordSentences = map[string]told{
	"needs a code": {
		"缺少代码。",
		"ཨང་རྟགས་དགོས།",
	},
	"needs a road number such as G318": {
		"需要道路编号，例如 G318。",
		"གཞུང་ལམ་གྱི་ཨང་དགོས། དཔེར་ན་ G318",
	},
	"is longer than 200 bytes": {
		"不得超过 200 字节。",
		"byte 200 ལས་བརྒལ་མི་ཆོག",
	},
	"rule %q is not weekdays and times such as Mo-Fr 09:00-18:00": {
		"规则 %q 应为星期加时间，例如 Mo-Fr 09:00-18:00。",
		"སྒྲིག་གཞི་ %q ནི་གཟའ་དང་དུས་ཚོད་ཡིན་དགོས། དཔེར་ན་ Mo-Fr 09:00-18:00",
	},
	"%q is no weekday (Mo, Tu, We, Th, Fr, Sa, Su)": {
		"%q 不是星期（Mo、Tu、We、Th、Fr、Sa、Su）。",
		"%q ནི་གཟའ་མིན། (Mo, Tu, We, Th, Fr, Sa, Su)",
	},
	"%q is no span of time such as 09:00-18:00": {
		"%q 不是时间段，应写成 09:00-18:00。",
		"%q ནི་དུས་ཚོད་བར་མ་མིན། 09:00-18:00 ལྟར་འབྲི་དགོས།",
	},
	"%q is no time of day": {
		"%q 不是有效的时刻。",
		"%q ནི་དུས་ཚོད་མིན།",
	},
	"is set by staff": {
		"只能由工作人员设置。",
		"ལས་བྱེད་པས་བཟོ་དགོས།",
	},
	"cannot follow %s; possible: %v": {
		"不能接在“%s”之后；可选：%v。",
		"%s ཡི་རྗེས་སུ་མི་ཆོག གདམ་རུང་། %v",
	},
	"must be set by somebody else than who accepted the intent": {
		"须由受理人以外的另一名工作人员设置。",
		"དང་ལེན་བྱེད་མཁན་མིན་པའི་མི་གཞན་གྱིས་བཟོ་དགོས།",
	},
	"must be a section of GB/T 4754, A to T, or that with up to four digits": {
		"应为 GB/T 4754 的门类 A 至 T，或其后再加最多四位数字。",
		"GB/T 4754 ཡི་སྡེ་ཚན་ A ནས་ T ཡིན་དགོས། རྗེས་སུ་གྲངས་ 4 བར་ཆོག",
	},
	"must be from 0 to 100,000,000 (万元)": {
		"应在 0 至 100,000,000 万元之间。",
		"0 ནས་ 100,000,000 སྒོར་ཁྲི་བར་དགོས།",
	},
	"must be from 0 to 10,000 km²": {
		"应在 0 至 10,000 km² 之间。",
		"0 ནས་ 10,000 km² བར་དགོས།",
	},
	"is above area_max_m2": {
		"大于面积上限 area_max_m2。",
		"area_max_m2 ལས་ཆེ་འདུག",
	},
	"holds what is no land-use code": {
		"其中有不是用地代码的内容。",
		"ནང་དུ་ས་ཆ་བེད་སྤྱོད་ཨང་མིན་པ་འདུག",
	},
	"holds what is no six-digit code of GB/T 2260": {
		"其中有不是 GB/T 2260 六位行政区划代码的内容。",
		"ནང་དུ་ GB/T 2260 ཡི་ཨང་ 6 མིན་པ་འདུག",
	},
	"is missing": {
		"缺少此项。",
		"འདི་ཆད་འདུག",
	},
	"is no telephone number": {
		"不是电话号码。",
		"ཁ་པར་ཨང་མིན།",
	},
	"is no mail address": {
		"不是电子邮箱地址。",
		"གློག་འཕྲིན་ཁ་བྱང་མིན།",
	},
	"is not valid UTF-8": {
		"不是有效的 UTF-8 文字。",
		"UTF-8 ནོར་འདུག",
	},
	"is longer than %d characters": {
		"不得超过 %d 个字。",
		"ཡིག་འབྲུ་ %d ལས་བརྒལ་མི་ཆོག",
	},
	"holds control characters": {
		"含有控制字符。",
		"ཚོད་འཛིན་ཡིག་རྟགས་འདུག",
	},
	"is not a day such as 2026-07-01": {
		"不是日期，应写成 2026-07-01。",
		"ཚེས་གྲངས་མིན། 2026-07-01 ལྟར་འབྲི་དགོས།",
	},
	"must lie in the years 1949 to 2199": {
		"应在 1949 年至 2199 年之间。",
		"ལོ་ 1949 ནས་ 2199 བར་དགོས།",
	},
	"needs a date": {
		"缺少日期。",
		"ཚེས་གྲངས་དགོས།",
	},
	"is before published_on": {
		"早于发布日期 published_on。",
		"published_on ལས་སྔ་འདུག",
	},
	"are more than %d": {
		"不得多于 %d 个。",
		"%d ལས་མང་མི་ཆོག",
	},
	"holds what is no parcel number": {
		"其中有不是地块编号的内容。",
		"ནང་དུ་ས་ཆའི་ཨང་མིན་པ་འདུག",
	},
	"must be from 0 to %g": {
		"应在 0 至 %g 之间。",
		"0 ནས་ %g བར་དགོས།",
	},
	"has its lower bound above its upper one": {
		"下限大于上限。",
		"ཆུང་ཤོས་དེ་ཆེ་ཤོས་ལས་ཆེ་འདུག",
	},
	"must be from 0 to 1,000,000,000": {
		"应在 0 至 1,000,000,000 之间。",
		"0 ནས་ 1,000,000,000 བར་དགོས།",
	},
	"needs a parcel number": {
		"缺少地块编号。",
		"ས་ཆའི་ཨང་དགོས།",
	},
	"is longer than 60 bytes": {
		"不得超过 60 字节。",
		"byte 60 ལས་བརྒལ་མི་ཆོག",
	},
	"is no 宗地代码 of GB/T 37346: 12 digits, two letters, 5 digits, and W or F with 8 digits for a unit": {
		"不是 GB/T 37346 的宗地代码：应为 12 位数字、2 位字母、5 位数字，定着物单元再加 W 或 F 与 8 位数字。",
		"GB/T 37346 ཡི་宗地代码 མིན། གྲངས་ 12 དབྱིན་ཡིག་ 2 གྲངས་ 5 དགོས། དེ་རྗེས་ W ཡང་ན་ F དང་གྲངས་ 8 ཆོག",
	},
	"holds an empty word": {
		"其中有空的词。",
		"ནང་དུ་ཚིག་སྟོང་འདུག",
	},
	"has an area that is not from 0 to 10,000 km², or a term not from 0 to 70 years": {
		"面积不在 0 至 10,000 km² 之间，或年限不在 0 至 70 年之间。",
		"རྒྱ་ཁྱོན་ 0 ནས་ 10,000 km² བར་དང་། བཙོང་ཡུན་ལོ་ 0 ནས་ 70 བར་དགོས།",
	},
	"must be from 0 to 70 years": {
		"应在 0 至 70 年之间。",
		"ལོ་ 0 ནས་ 70 བར་དགོས།",
	},
	"must be from -500 to 9,000 m": {
		"应在 -500 至 9,000 米之间。",
		"སྨི་ -500 ནས་ 9,000 བར་དགོས།",
	},
	"comes before the step that it follows": {
		"早于其前一步骤。",
		"སྔོན་གྱི་རིམ་པ་ལས་སྔ་འདུག",
	},
	"has a signature or the address of a document that is too long": {
		"签署人或文件地址过长。",
		"མིང་རྟགས་སམ་ཡིག་ཆའི་གནས་རིང་དྲགས།",
	},
	"must be an address that begins with https://, http:// or /": {
		"应为以 https://、http:// 或 / 开头的地址。",
		"https://, http:// ཡང་ན་ / ཡིས་འགོ་འཛུགས་དགོས།",
	},
	"do not lead to the status %s": {
		"各步骤与当前状态“%s”不一致。",
		"རིམ་པ་དང་གནས་ཚུལ་ %s མི་མཐུན།",
	},
	"ends before it begins": {
		"结束早于开始。",
		"མཇུག་དེ་འགོ་ལས་སྔ་འདུག",
	},
	"needs a land-use code": {
		"缺少用地代码。",
		"ས་ཆ་བེད་སྤྱོད་ཨང་དགོས།",
	},
	"is no land-use code of digits": {
		"不是由数字组成的用地代码。",
		"གྲངས་ཀྱི་ས་ཆ་བེད་སྤྱོད་ཨང་མིན།",
	},
	"is land that must not be shown on a public map": {
		"此类用地不得在公开地图上显示。",
		"ས་ཆ་འདི་སྤྱི་སྤྱོད་ས་ཁྲའི་ཐོག་མངོན་མི་ཆོག",
	},
	"needs a Chinese name": {
		"缺少中文名称。",
		"རྒྱ་ཡིག་གི་མིང་དགོས།",
	},
	"is longer than 200 characters": {
		"不得超过 200 个字。",
		"ཡིག་འབྲུ་ 200 ལས་བརྒལ་མི་ཆོག",
	},
	"longitude must be a number from -180 to 180": {
		"经度应为 -180 至 180 之间的数。",
		"གཞུང་ཐིག་ -180 ནས་ 180 བར་དགོས།",
	},
	"latitude must be a number from -90 to 90": {
		"纬度应为 -90 至 90 之间的数。",
		"འཕྲེད་ཐིག་ -90 ནས་ 90 བར་དགོས།",
	},
	"must be four numbers: west,south,east,north": {
		"应为四个数：西,南,东,北。",
		"གྲངས་ 4 དགོས། ནུབ,ལྷོ,ཤར,བྱང་།",
	},
	"has its west or south beyond its east or north": {
		"西界大于东界，或南界大于北界。",
		"ནུབ་དེ་ཤར་ལས་ཆེའམ། ལྷོ་དེ་བྱང་ལས་ཆེ་འདུག",
	},
	"has no polygon": {
		"没有面。",
		"ངོས་མི་འདུག",
	},
	"polygon %d has no ring": {
		"第 %d 个面没有环。",
		"ངོས་ %d ལ་ཐིག་སྒོར་མི་འདུག",
	},
	"polygon %d, ring %d is not closed or has fewer than 3 corners": {
		"第 %d 个面第 %d 环未闭合，或不足 3 个界址点。",
		"ངོས་ %d ཐིག་སྒོར་ %d ཁ་མ་བསྡམས་པའམ་མཚམས་ཚེག་ 3 མི་ལོངས།",
	},
	"has no line": {
		"没有线。",
		"ཐིག་མི་འདུག",
	},
	"line %d has fewer than 2 points": {
		"第 %d 条线不足 2 个点。",
		"ཐིག་ %d ལ་ཚེག་ 2 མི་ལོངས།",
	},
	"is missing; one of %v": {
		"缺少此项；可选：%v。",
		"འདི་ཆད་འདུག གདམ་རུང་། %v",
	},
	"is not one of %v": {
		"不在可选范围之内：%v。",
		"གདམ་རུང་བའི་ཁྲོད་མི་འདུག %v",
	},
	"must be a six-digit code of GB/T 2260": {
		"应为 GB/T 2260 的六位行政区划代码。",
		"GB/T 2260 ཡི་ཨང་ 6 དགོས།",
	},
	"is longer than 60 characters": {
		"不得超过 60 个字。",
		"ཡིག་འབྲུ་ 60 ལས་བརྒལ་མི་ཆོག",
	},
	"must be a day such as 2026-07-01": {
		"应为日期，例如 2026-07-01。",
		"ཚེས་གྲངས་དགོས། དཔེར་ན་ 2026-07-01",
	},
	"the stated area is %.4g times that of the outline (%.4f ha): it seems to be given in %s instead of %s": {
		"公布面积是图上面积（%.4[2]f 公顷）的 %.4[1]g 倍：单位似应为%[4]s，却填成了%[3]s。",
		"གསལ་བསྒྲགས་རྒྱ་ཁྱོན་ནི་ས་ཁྲའི་རྒྱ་ཁྱོན་ (%.4[2]f ཧེག་ཏར།) ཡི་ལྡབ་ %.4[1]g ཡིན། ཚད་གཞི་ %[4]s ཡི་ཚབ་ཏུ་ %[3]s བཀོད་པ་འདྲ།",
	},
	"the stated area is %.4f ha, that of the outline %.4f ha: %+.1f %%": {
		"公布面积 %.4f 公顷，图上面积 %.4f 公顷，相差 %+.1f %%。",
		"གསལ་བསྒྲགས་རྒྱ་ཁྱོན་ཧེག་ཏར་ %.4f ས་ཁྲའི་རྒྱ་ཁྱོན་ཧེག་ཏར་ %.4f ཁྱད་པར་ %+.1f %%",
	},
	"needs a station code": {
		"缺少站点编号。",
		"ངལ་གསོ་ཁང་གི་ཨང་དགོས།",
	},
	"must be from 0 to 1,000,000 m²": {
		"应在 0 至 1,000,000 m² 之间。",
		"0 ནས་ 1,000,000 m² བར་དགོས།",
	},
	"is nothing that parcels can be asked for": {
		"不是可以提出的地块要求。",
		"ས་ཆར་འདོན་རུང་བའི་ཆ་རྐྱེན་མིན།",
	},
	"must be from 1 to %d": {
		"应在 1 至 %d 之间。",
		"1 ནས་ %d བར་དགོས།",
	},
	"are missing": {
		"缺少可选值。",
		"གྲངས་ཆད་འདུག",
	},
	"do not go with %s": {
		"与要求“%s”不相配。",
		"ཆ་རྐྱེན་ %s དང་མི་མཐུན།",
	},
	"is empty or longer than 60 bytes": {
		"为空，或超过 60 字节。",
		"སྟོང་པའམ་ byte 60 ལས་བརྒལ་འདུག",
	},
	"is missing, and max too": {
		"缺少下限，也没有上限。",
		"ཆུང་ཤོས་དང་ཆེ་ཤོས་གཉིས་ཀ་ཆད་འདུག",
	},
	"and max do not go with %s": {
		"下限和上限与要求“%s”不相配。",
		"ཆུང་ཤོས་དང་ཆེ་ཤོས་ཆ་རྐྱེན་ %s དང་མི་མཐུན།",
	},
	"is above max": {
		"大于上限。",
		"ཆེ་ཤོས་ལས་ཆེ་འདུག",
	},
	"cannot be told: the contact was deleted": {
		"无法送达：联系方式已删除。",
		"སྤྲོད་མི་ཐུབ། འབྲེལ་གཏུག་བསུབས་ཟིན།",
	},
	"the database does not answer": {
		"数据库没有响应。",
		"གཞི་གྲངས་མཛོད་ཀྱིས་ལན་མི་འདུག",
	},
	"is in use by another record": {
		"已被另一条记录占用。",
		"ཟིན་ཐོ་གཞན་གྱིས་བེད་སྤྱོད་བྱས་ཟིན།",
	},
	"is not in the record": {
		"库中没有此记录。",
		"ཟིན་ཐོའི་ནང་མི་འདུག",
	},
	"%s; mend the ring at this place": {
		"%s；请修改此处的环。",
		"%s གནས་འདིའི་ཐིག་སྒོར་བཅོས་རོགས།",
	},
	"the record's contacts are locked by another keyset than this node's": {
		"库中的联系方式由另一套密钥加密，不是本节点的密钥。",
		"འབྲེལ་གཏུག་ནི་འདིའི་ལྡེ་མིག་མིན་པས་བསྡམས་འདུག",
	},
	"was used for another intent, or for one whose contact was deleted": {
		"已用于另一意向，或其联系方式已删除的意向。",
		"འདོད་པ་གཞན་ལ་བེད་སྤྱད་ཟིན། ཡང་ན་དེའི་འབྲེལ་གཏུག་བསུབས་ཟིན།",
	},
	"is another one now: it was deleted and made again": {
		"已不是原来的那一条：原记录已删除并重建。",
		"སྔོན་མ་དེ་མིན། བསུབས་ནས་གསར་བཟོ་བྱས་འདུག",
	},
	"was changed by %s at %s; read it again": {
		"已由 %s 于 %s 修改；请重新读取。",
		"%s ཡིས་ %s ལ་བཅོས་ཟིན། ཡང་བསྐྱར་ཀློག་རོགས།",
	},
	"is refused by the record": {
		"不符合数据库的约束。",
		"ཟིན་ཐོའི་སྒྲིག་གཞི་དང་མི་མཐུན།",
	},
}
