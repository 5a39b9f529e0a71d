package words

// fileSentences are what importers say of a file.
var fileSentences = map[string]told{
	"is not an angle such as 94.3392 or 94°20′21.1″": {
		"不是角度，应写成 94.3392 或 94°20′21.1″。",
		"ཟུར་ཚད་མིན། 94.3392 ཡང་ན་ 94°20′21.1″ ལྟར་འབྲི་དགོས།",
	},
	"is of another kind than the corners before it": {
		"与前面界址点的坐标类型不同。",
		"སྔོན་གྱི་མཚམས་ཚེག་དང་རིགས་མི་གཅིག",
	},
	"is neither a northing and an easting in metres, nor a place in China in degrees": {
		"既不是以米为单位的北、东坐标，也不是中国境内的经纬度。",
		"སྨིའི་བྱང་དང་ཤར་གྱི་གནས་ཚད་མིན་ལ། ཀྲུང་གོའི་གཞུང་ཐིག་དང་འཕྲེད་ཐིག་ཀྱང་མིན།",
	},
	"a corner has %d fields; it needs 4: 点号,圈号,X(北),Y(东)": {
		"界址点一行有 %d 项，应有 4 项：点号,圈号,X(北),Y(东)。",
		"མཚམས་ཚེག་གི་ཕྲེང་ལ་རྣམ་གྲངས་ %d འདུག 4 དགོས། 点号,圈号,X(北),Y(东)",
	},
	"a coordinate is missing": {
		"缺少坐标。",
		"གནས་ཚད་ཆད་འདུག",
	},
	"the last row of the ring has no coordinates; it is taken as the return to the first corner": {
		"该环最后一行没有坐标，按回到第一个界址点处理。",
		"ཐིག་སྒོར་གྱི་ཕྲེང་མཐའ་མར་གནས་ཚད་མི་འདུག མཚམས་ཚེག་དང་པོར་ལོག་པར་རྩིས།",
	},
	"the parcel of line %d has more than %d corners": {
		"第 %d 行的地块界址点多于 %d 个。",
		"ཕྲེང་ %d ཡི་ས་ཆར་མཚམས་ཚེག་ %d ལས་མང་འདུག",
	},
	"seems to have X and Y exchanged: X is the northing, of 7 digits. If the whole file has the easting first, say so (--exchanged), and it will be read that way": {
		"X 与 Y 似乎颠倒：X 为北坐标，7 位整数。若整个文件都是东坐标在前，请说明（--exchanged），即按此读取。",
		"X དང་ Y ལྡོག་པ་འདྲ། X ནི་བྱང་ཡིན། གྲངས་ 7 ཡོད། ཡིག་ཆ་ཡོངས་སུ་ཤར་སྔོན་ལ་ཡོད་ན་ --exchanged གསལ་རོགས།",
	},
	"%s comes again with other coordinates than in line %d, and corners follow: a damaged closing row, or a new ring without a 圈号 of its own": {
		"点号 %s 再次出现，坐标与第 %d 行不同，其后还有界址点：可能是闭合行损坏，或新的一环没有自己的圈号。",
		"%s ཡང་བསྐྱར་བྱུང་། ཕྲེང་ %d དང་གནས་ཚད་མི་གཅིག རྗེས་སུ་མཚམས་ཚེག་ད་དུང་འདུག ཁ་སྡོམ་ཕྲེང་ནོར་བའམ་ཐིག་སྒོར་གསར་བར་圈号 མེད།",
	},
	"has another zone before its easting than the corners before it": {
		"横坐标前的带号与前面的界址点不同。",
		"ཤར་གནས་ཚད་ཀྱི་རྒྱུད་ཨང་སྔོན་གྱི་མཚམས་ཚེག་དང་མི་གཅིག",
	},
	"the last row is %s again, with other coordinates than in line %d; it is taken as the return to that corner": {
		"最后一行又是点号 %s，坐标与第 %d 行不同，按回到该界址点处理。",
		"ཕྲེང་མཐའ་མ་ཡང་ %s ཡིན། ཕྲེང་ %d དང་གནས་ཚད་མི་གཅིག མཚམས་ཚེག་དེར་ལོག་པར་རྩིས།",
	},
	"encloses nothing: it has fewer than 3 different corners, they lie on one line, or it crosses itself": {
		"没有围成面积：不同的界址点不足 3 个、都在一条直线上，或自相交。",
		"རྒྱ་ཁྱོན་མི་འདུག མཚམས་ཚེག་མི་འདྲ་བ་ 3 མི་ལོངས་པའམ། ཐིག་གཅིག་ཏུ་ཡོད་པའམ། རང་ཉིད་བསྣོལ་འདུག",
	},
	"the parcel of line %d has more than %d rings": {
		"第 %d 行的地块环数多于 %d 个。",
		"ཕྲེང་ %d ཡི་ས་ཆར་ཐིག་སྒོར་ %d ལས་མང་འདུག",
	},
	"is not the number of corners, of which there are %d; the corners hold": {
		"与界址点个数不符，实有 %d 个；以实有的界址点为准。",
		"མཚམས་ཚེག་གི་གྲངས་དང་མི་མཐུན། དངོས་སུ་ %d འདུག མཚམས་ཚེག་དངོས་གཞིར་འཛིན།",
	},
	"must be a six-digit code of GB/T 2260, or the county's name": {
		"应为 GB/T 2260 的六位行政区划代码，或县区名称。",
		"GB/T 2260 ཡི་ཨང་ 6 ཡང་ན་ཆུས་རྫོང་གི་མིང་དགོས།",
	},
	"is not a county of Lhasa or Nyingchi (a development zone is none; give the county that it lies in)": {
		"不是拉萨或林芝的县区（开发区不算；请填其所在县区）。",
		"ལྷ་ས་དང་ཉིང་ཁྲིའི་ཆུས་རྫོང་མིན། (གསར་སྤེལ་ཁུལ་མི་རྩི། དེའི་ཆུས་རྫོང་འབྲི་རོགས།)",
	},
	"is not known here; reproject them to EPSG:4490, CGCS2000 longitude/latitude, first": {
		"是此处未知的坐标系；请先转换为 EPSG:4490（CGCS2000 经纬度）。",
		"གནས་ཚད་མ་ལག་འདི་མི་ཤེས། སྔོན་ལ་ EPSG:4490 (CGCS2000) ལ་སྒྱུར་རོགས།",
	},
	"is not understood": {
		"无法识别。",
		"ངོས་འཛིན་མི་ཐུབ།",
	},
	"is of Xian 80 or Beijing 54: they cannot be turned into CGCS2000 without local parameters; have the file converted first": {
		"属于西安80或北京54坐标系，没有当地参数不能转换为 CGCS2000；请先请测绘单位转换文件。",
		"西安80 ཡང་ན་北京54 ཡིན། ས་གནས་ཀྱི་ཞུགས་གྲངས་མེད་ན་ CGCS2000 ལ་སྒྱུར་མི་ཐུབ། སྔོན་ལ་ཡིག་ཆ་སྒྱུར་རོགས།",
	},
	"is a projection (EPSG:%d); reproject them to EPSG:4490, CGCS2000 longitude/latitude, first": {
		"是投影坐标系（EPSG:%d）；请先转换为 EPSG:4490（CGCS2000 经纬度）。",
		"ངོས་འཕྲོའི་གནས་ཚད་ (EPSG:%d) ཡིན། སྔོན་ལ་ EPSG:4490 (CGCS2000) ལ་སྒྱུར་རོགས།",
	},
	"does not start with %d, the zone of EPSG:%d": {
		"没有以 EPSG:%[2]d 的带号 %[1]d 开头。",
		"EPSG:%[2]d ཡི་རྒྱུད་ཨང་ %[1]d ཡིས་འགོ་འཛུགས་མེད།",
	},
	"has a zone before its easting, which EPSG:%d has not": {
		"横坐标前带有带号，而 EPSG:%d 不带带号。",
		"ཤར་གནས་ཚད་ཀྱི་སྔོན་དུ་རྒྱུད་ཨང་འདུག EPSG:%d ལ་མེད།",
	},
	"is no place of EPSG:%d": {
		"不是 EPSG:%d 范围内的位置。",
		"EPSG:%d ཡི་ནང་གི་གནས་མིན།",
	},
	"is not a day such as 2026-07-10 or 2026年7月10日": {
		"不是日期，应写成 2026-07-10 或 2026年7月10日。",
		"ཚེས་གྲངས་མིན། 2026-07-10 ཡང་ན་ 2026年7月10日 ལྟར་འབྲི་དགོས།",
	},
	"is not a period such as Kora writes it": {
		"不是本系统写出的起止时间。",
		"Kora ཡིས་བྲིས་པའི་དུས་ཡུན་མིན།",
	},
	"is not a period such as 2026-07-10 至 2026-08-10": {
		"不是起止时间，应写成 2026-07-10 至 2026-08-10。",
		"དུས་ཡུན་མིན། 2026-07-10 至 2026-08-10 ལྟར་འབྲི་དགོས།",
	},
	"is not a day such as 2026-07-10, with a time such as 09:30 or without": {
		"不是日期，应写成 2026-07-10，可再加 09:30 这样的时刻。",
		"ཚེས་གྲངས་མིན། 2026-07-10 ལྟར་འབྲི་དགོས། རྗེས་སུ་ 09:30 ལྟ་བུ་ཆོག",
	},
	"is not a GeoJSON object": {
		"不是 GeoJSON 对象。",
		"GeoJSON ཡི་ object མིན།",
	},
	"is a FeatureCollection without features": {
		"是没有 features 的 FeatureCollection。",
		"FeatureCollection འདི་ལ་ features མི་འདུག",
	},
	"is not GeoJSON: it has no type": {
		"不是 GeoJSON：没有 type。",
		"GeoJSON མིན། type མི་འདུག",
	},
	"is a %s; a FeatureCollection or a Feature is needed": {
		"是 %s；应为 FeatureCollection 或 Feature。",
		"%s ཡིན། FeatureCollection ཡང་ན་ Feature དགོས།",
	},
	"has features that are not an array": {
		"其 features 不是数组。",
		"features ནི་ array མིན།",
	},
	"is not a Feature object": {
		"不是 Feature 对象。",
		"Feature མིན།",
	},
	"the type is %q, not Feature": {
		"type 是 %q，应为 Feature。",
		"type ནི་ %q ཡིན། Feature དགོས།",
	},
	"is not a geometry object": {
		"不是几何图形对象。",
		"geometry མིན།",
	},
	"the crs member is not understood; leave it out for CGCS2000 or WGS 84": {
		"crs 成员无法识别；坐标为 CGCS2000 或 WGS 84 时请省去。",
		"crs ངོས་འཛིན་མི་ཐུབ། CGCS2000 ཡང་ན་ WGS 84 ཡིན་ན་མི་འབྲི།",
	},
	"%q (crs member): %v": {
		"%q（crs 成员）：%v",
		"%q (crs) ། %v",
	},
	"the crs members name both %s and %s": {
		"各 crs 成员不一致：%s 与 %s。",
		"crs གཉིས་མི་མཐུན། %s དང་ %s",
	},
	"has more than %d coordinates": {
		"坐标多于 %d 个。",
		"གནས་ཚད་ %d ལས་མང་འདུག",
	},
	"the file has more than %d coordinates; split it": {
		"文件的坐标多于 %d 个；请拆分。",
		"ཡིག་ཆར་གནས་ཚད་ %d ལས་མང་འདུག དགར་རོགས།",
	},
	"has an array of more than %d numbers": {
		"有一个数组的数字多于 %d 个。",
		"array ཞིག་ལ་གྲངས་ %d ལས་མང་འདུག",
	},
	"holds an object where a number is needed": {
		"应为数字处是一个对象。",
		"གྲངས་དགོས་སར་ object འདུག",
	},
	"holds something else than a number": {
		"含有不是数字的内容。",
		"གྲངས་མིན་པ་འདུག",
	},
	"mixes positions and lists of positions": {
		"点与点的列表混在一起。",
		"ཚེག་དང་ཚེག་གི་ཐོ་འདྲེས་འདུག",
	},
	"mixes numbers and positions": {
		"数字与点混在一起。",
		"གྲངས་དང་ཚེག་འདྲེས་འདུག",
	},
	"has a position of one number": {
		"有一个点只有一个数。",
		"ཚེག་ཞིག་ལ་གྲངས་གཅིག་ལས་མི་འདུག",
	},
	"has more than %d rings": {
		"环多于 %d 个。",
		"ཐིག་སྒོར་ %d ལས་མང་འདུག",
	},
	"is too large a number": {
		"数值过大。",
		"གྲངས་ཆེ་དྲགས།",
	},
	"has no geometry": {
		"没有几何图形。",
		"དབྱིབས་མི་འདུག",
	},
	"is a %q; a %s or %s is needed": {
		"是 %q；应为 %s 或 %s。",
		"%q ཡིན། %s ཡང་ན་ %s དགོས།",
	},
	"has no array of coordinates": {
		"没有坐标数组。",
		"གནས་ཚད་ཀྱི་ array མི་འདུག",
	},
	"has coordinates nested %d deep, where a %s has %d": {
		"坐标嵌套 %d 层，而 %s 应为 %d 层。",
		"གནས་ཚད་རིམ་པ་ %d འདུག %s ལ་ %d དགོས།",
	},
	"has fewer than 2 different points": {
		"不同的点不足 2 个。",
		"ཚེག་མི་འདྲ་བ་ 2 མི་ལོངས།",
	},
	"has %d positions; a closed ring has at least 4": {
		"只有 %d 个点；闭合的环至少有 4 个。",
		"ཚེག་ %d འདུག ཁ་བསྡམས་པའི་ཐིག་སྒོར་ལ་ 4 ཡན་དགོས།",
	},
	"is not closed: its last position differs from its first": {
		"未闭合：最后一点与第一点不同。",
		"ཁ་མ་བསྡམས། ཚེག་མཐའ་མ་དང་དང་པོ་མི་གཅིག",
	},
	"has fewer than 3 different corners": {
		"不同的界址点不足 3 个。",
		"མཚམས་ཚེག་མི་འདྲ་བ་ 3 མི་ལོངས།",
	},
	"is not understood; write it as 周一至周五 09:00-18:00": {
		"无法识别；请写成 周一至周五 09:00-18:00。",
		"ངོས་འཛིན་མི་ཐུབ། 周一至周五 09:00-18:00 ལྟར་འབྲི་རོགས།",
	},
	"is not understood from %q on; write it as 周一至周五 09:00-18:00": {
		"从 %q 起无法识别；请写成 周一至周五 09:00-18:00。",
		"%q ནས་ངོས་འཛིན་མི་ཐུབ། 周一至周五 09:00-18:00 ལྟར་འབྲི་རོགས།",
	},
	"has %q, which is no time of day": {
		"其中的 %q 不是有效的时刻。",
		"ནང་གི་ %q ནི་དུས་ཚོད་མིན།",
	},
	"has a range of weekdays that does not run from one day to another": {
		"有一段星期不是从某一天到另一天。",
		"གཟའ་གཅིག་ནས་གཟའ་གཞན་བར་མིན་པ་འདུག",
	},
	"has a time without its other end; write it as 09:00-18:00": {
		"有一个时刻缺少另一端；请写成 09:00-18:00。",
		"དུས་ཚོད་ཞིག་གི་མཐའ་གཞན་ཆད་འདུག 09:00-18:00 ལྟར་འབྲི་རོགས།",
	},
	"has days without hours, or hours and closed at once": {
		"有星期而没有时间，或同时有时间和休息。",
		"གཟའ་ལ་དུས་ཚོད་མེད་པའམ། དུས་ཚོད་དང་སྒོ་རྒྱག་མཉམ་དུ་འདུག",
	},
	"has a span of more than 24 hours": {
		"有一段时间超过 24 小时。",
		"དུས་ཡུན་ཞིག་ཆུ་ཚོད་ 24 ལས་བརྒལ་འདུག",
	},
	"is given in %s %d already": {
		"已在第 %[2]d %[1]s给出。",
		"%[1]s%[2]d ལ་བྱུང་ཟིན།",
	},
	"the file has more than %d faults; mend the first ones and try again": {
		"文件的错误多于 %d 处；请先改正前面的再试。",
		"ཡིག་ཆར་ནོར་འཁྲུལ་ %d ལས་མང་འདུག སྔོན་མ་བཅོས་ནས་ཡང་བསྐྱར་གནང་རོགས།",
	},
	"the file has more than %d records; split it": {
		"文件的记录多于 %d 条；请拆分。",
		"ཡིག་ཆར་ཟིན་ཐོ་ %d ལས་མང་འདུག དགར་རོགས།",
	},
	"there are more than %d warnings; the others are not told": {
		"提示多于 %d 条，其余不再列出。",
		"གསལ་བརྡ་ %d ལས་མང་འདུག གཞན་མི་བརྗོད།",
	},
	`the text is UTF-16 ("Unicode"); JSON must be UTF-8`: {
		"文字为 UTF-16（“Unicode”）；JSON 须为 UTF-8。",
		`UTF-16 ("Unicode") ཡིན། JSON ལ་ UTF-8 དགོས།`,
	},
	"holds one value of more than %d MB": {
		"有一个值大于 %d MB。",
		"ནང་དུ་ %d MB ལས་ཆེ་བ་ཞིག་འདུག",
	},
	"is not JSON near byte %d: %v": {
		"在第 %d 字节附近不是 JSON：%v",
		"byte %d ཉེ་འགྲམ་དུ་ JSON མིན། %v",
	},
	"the text is not UTF-8, as JSON must be; save it as UTF-8": {
		"文字不是 UTF-8，JSON 须为 UTF-8；请另存为 UTF-8。",
		"UTF-8 མིན། UTF-8 ཐོག་ཉར་རོགས།",
	},
	"the file ends in the middle of its JSON": {
		"文件在 JSON 中途结束。",
		"ཡིག་ཆ་ JSON གྱི་བར་དུ་ཆད་འདུག",
	},
	"is nested more than %d levels deep": {
		"嵌套超过 %d 层。",
		"རིམ་པ་ %d ལས་ཟབ་འདུག",
	},
	"has an object of more than %d members": {
		"有一个对象的成员多于 %d 个。",
		"object ཞིག་ལ་ཆ་ཤས་ %d ལས་མང་འདུག",
	},
	"has the member %q twice": {
		"成员 %q 出现两次。",
		"%q ཐེངས་གཉིས་འདུག",
	},
	"has properties of more than %d KiB": {
		"属性大于 %d KiB。",
		"properties ནི་ %d KiB ལས་ཆེ་འདུག",
	},
	"goes on after its end; a file holds one JSON value": {
		"结束之后还有内容；一个文件只能有一个 JSON 值。",
		"མཇུག་རྗེས་ནང་དོན་འདུག ཡིག་ཆ་གཅིག་ལ་ JSON གཅིག་དགོས།",
	},
	"is given in %d records; a parcel has no place for it, so it is not kept": {
		"在 %d 条记录中出现；地块没有此项，因此不保存。",
		"ཟིན་ཐོ་ %d ནང་འདུག ས་ཆར་འདི་མེད་པས་མི་ཉར།",
	},
	"has something other than an array of records": {
		"不是记录的数组。",
		"ཟིན་ཐོའི་ array མིན།",
	},
	"is not an array of records": {
		"不是记录的数组。",
		"ཟིན་ཐོའི་ array མིན།",
	},
	"has no 电子监管号, so it cannot be told which parcel it is": {
		"没有电子监管号，无法确定是哪一地块。",
		"电子监管号 མི་འདུག ས་ཆ་གང་ཡིན་མི་ཤེས།",
	},
	"is narrower than any use of GB/T 21010-2017; it is kept as %s %s, to which it belongs": {
		"比 GB/T 21010-2017 的任何地类都细；按其所属的 %s %s 保存。",
		"GB/T 21010-2017 ཡི་རིགས་ལས་ཞིབ་འདུག %s %s ལ་གཏོགས་པར་ཉར།",
	},
	"is not the county of the number, %s": {
		"与编号所示县区 %s 不符。",
		"ཨང་གི་ཆུས་རྫོང་ %s དང་མི་མཐུན།",
	},
	"is no list of uses and years": {
		"不是用途与年限的列表。",
		"བེད་སྤྱོད་དང་ལོའི་ཐོ་མིན།",
	},
	"may be a code of the guide of 2023 or of GB/T 21010-2017, which mean other uses by it": {
		"可能是2023年分类指南的代码，也可能是 GB/T 21010-2017 的代码，二者含义不同。",
		"2023 ལམ་སྟོན་ནམ་ GB/T 21010-2017 ཡི་ཨང་ཡིན་སྲིད། དོན་མི་གཅིག",
	},
	"needs a land use": {
		"缺少土地用途。",
		"ས་ཆའི་བེད་སྤྱོད་དགོས།",
	},
	"is the name of no land use in the lists of 2007, 2017 and 2023": {
		"不是2007、2017、2023年各分类中的用地名称。",
		"2007, 2017, 2023 ཡི་ས་ཆའི་རིགས་ཀྱི་མིང་མིན།",
	},
	"has an odd number of digits, as codes of 2007 have; give one of the guide of 2023 or of GB/T 21010-2017": {
		"位数为单数，像2007年的代码；请填2023年分类指南或 GB/T 21010-2017 的代码。",
		"གྲངས་ཀྱི་ཚད་ཟུང་མིན། 2007 ཡི་ཨང་འདྲ། 2023 ལམ་སྟོན་ནམ་ GB/T 21010-2017 ཡི་ཨང་འབྲི་རོགས།",
	},
	"is not the code of %s, neither in the guide of 2023 nor in GB/T 21010-2017": {
		"无论在2023年分类指南还是在 GB/T 21010-2017 中，都不是“%s”的代码。",
		"2023 ལམ་སྟོན་དང་ GB/T 21010-2017 གཉིས་ཀར་ %s ཡི་ཨང་མིན།",
	},
	"is not a JSON array": {
		"不是 JSON 数组。",
		"JSON array མིན།",
	},
	"holds an empty parcel number": {
		"其中有空的地块编号。",
		"ནང་དུ་ས་ཆའི་ཨང་སྟོང་འདུག",
	},
	"is not a number such as 91.1169": {
		"不是数字，应写成 91.1169。",
		"གྲངས་མིན། 91.1169 ལྟར་འབྲི་དགོས།",
	},
	"is not in the record, and this file has no outline for it; import its outline first, as 勘测定界 TXT or GeoJSON": {
		"库中没有此地块，本文件也没有其界址；请先以勘测定界 TXT 或 GeoJSON 导入界址。",
		"ཟིན་ཐོར་ས་ཆ་འདི་མེད། ཡིག་ཆར་མཐའ་མཚམས་ཀྱང་མེད། སྔོན་ལ་勘测定界 TXT ཡང་ན་ GeoJSON ནང་འདྲེན་རོགས།",
	},
	"is missing; the parcel is named by its number": {
		"缺少名称；以地块编号作名称。",
		"མིང་ཆད་འདུག ས་ཆའི་ཨང་མིང་དུ་རྩིས།",
	},
	"lies outside of the area for which parcels are imported here; perhaps the zone is another": {
		"在本次导入的范围之外；可能是带号不对。",
		"ནང་འདྲེན་གྱི་ཁྱབ་ཁོངས་ཕྱི་རོལ་ཡིན། རྒྱུད་ཨང་ནོར་སྲིད།",
	},
	"the file has more than %d features; split it": {
		"文件的要素多于 %d 个；请拆分。",
		"ཡིག་ཆར་ feature %d ལས་མང་འདུག དགར་རོགས།",
	},
	"must be [longitude, latitude]": {
		"应为 [经度, 纬度]。",
		"[གཞུང་ཐིག, འཕྲེད་ཐིག] དགོས།",
	},
	"the table has outlines of more than %d corners; split it": {
		"表中的界址点多于 %d 个；请拆分。",
		"རེའུ་མིག་ལ་མཚམས་ཚེག་ %d ལས་མང་འདུག དགར་རོགས།",
	},
	"the heading %q names a unit that is none of %v": {
		"表头 %q 的单位不在 %v 之内。",
		"མགོ་བྱང་ %q ཡི་ཚད་གཞི་ %v ཁྲོད་མི་འདུག",
	},
	"is a row of totals, and is passed over": {
		"是合计行，已跳过。",
		"སྡོམ་རྩིས་ཀྱི་ཕྲེང་ཡིན། བཞག་པ་ཡིན།",
	},
	"is the example of the template, and is passed over": {
		"是模板的示例行，已跳过。",
		"དཔེ་མཚོན་གྱི་ཕྲེང་ཡིན། བཞག་པ་ཡིན།",
	},
	"repeats the heading, and is passed over": {
		"是重复的表头，已跳过。",
		"མགོ་བྱང་བསྐྱར་ཟློས་ཡིན། བཞག་པ་ཡིན།",
	},
	"is a note, and is passed over": {
		"是备注行，已跳过。",
		"མཆན་གྱི་ཕྲེང་ཡིན། བཞག་པ་ཡིན།",
	},
	"is not a list such as Kora writes it; give the uses in 规划用途": {
		"不是本系统写出的列表；请在“规划用途”中填写用途。",
		"Kora ཡིས་བྲིས་པའི་ཐོ་མིན། 规划用途 ནང་འབྲི་རོགས།",
	},
	"is taken as just that number; write ≤ or ≥ before it when it is a limit": {
		"按恰好等于此数处理；若为限值，请在前面写 ≤ 或 ≥。",
		"གྲངས་འདི་རང་རྩིས། ཚད་བཀག་ཡིན་ན་སྔོན་དུ་ ≤ ཡང་ན་ ≥ འབྲི་རོགས།",
	},
	"is not a list such as Kora writes it; give the status alone, and the record dates it": {
		"不是本系统写出的列表；请只填状态，日期由系统记录。",
		"Kora ཡིས་བྲིས་པའི་ཐོ་མིན། གནས་ཚུལ་ཁོ་ན་འབྲི་རོགས།",
	},
	"has no unit, and the heading names none; give ㎡, 亩 or 公顷": {
		"没有单位，表头也没有；请注明 ㎡、亩或公顷。",
		"ཚད་གཞི་མི་འདུག མགོ་བྱང་ལའང་མེད། ㎡, 亩 ཡང་ན་ 公顷 འབྲི་རོགས།",
	},
	"has no unit, and the heading names none; give one of %v": {
		"没有单位，表头也没有；请注明其一：%v。",
		"ཚད་གཞི་མི་འདུག མགོ་བྱང་ལའང་མེད། %v ལས་གཅིག་འབྲི་རོགས།",
	},
	"the entrance needs both its longitude and its latitude": {
		"入口须同时有经度和纬度。",
		"འཛུལ་སྒོར་གཞུང་ཐིག་དང་འཕྲེད་ཐིག་གཉིས་ཀ་དགོས།",
	},
	"is no WKT of a POLYGON or MULTIPOLYGON": {
		"不是 POLYGON 或 MULTIPOLYGON 的 WKT。",
		"POLYGON ཡང་ན་ MULTIPOLYGON ཡི་ WKT མིན།",
	},
	"polygon %d, ring %d: %v": {
		"第 %d 个面第 %d 环：%v",
		"ངོས་ %d ཐིག་སྒོར་ %d ། %v",
	},
	"polygon %d, ring %d, corner %d is no longitude and latitude in degrees; outlines in metres are read from 勘测定界 TXT": {
		"第 %d 个面第 %d 环第 %d 点不是以度为单位的经纬度；以米为单位的界址请用勘测定界 TXT 导入。",
		"ངོས་ %d ཐིག་སྒོར་ %d ཚེག་ %d ནི་གཞུང་ཐིག་དང་འཕྲེད་ཐིག་མིན། སྨིའི་གནས་ཚད་勘测定界 TXT ནས་ནང་འདྲེན་རོགས།",
	},
	"is no longitude and latitude; write corners as 94.34,29.64; 94.35,29.64; …": {
		"不是经纬度；角点请写成 94.34,29.64; 94.35,29.64; …",
		"གཞུང་ཐིག་དང་འཕྲེད་ཐིག་མིན། 94.34,29.64; 94.35,29.64; … ལྟར་འབྲི་རོགས།",
	},
	"is none of %v": {
		"不在 %v 之内。",
		"%v ཁྲོད་མི་འདུག",
	},
	"may be a code of the guide of 2023 or of GB/T 21010-2017, which mean other uses by it; give its name in 规划用途, or the standard in 用途分类标准": {
		"可能是2023年分类指南的代码，也可能是 GB/T 21010-2017 的代码，二者含义不同；请在“规划用途”中填名称，或在“用途分类标准”中填标准。",
		"2023 ལམ་སྟོན་ནམ་ GB/T 21010-2017 ཡི་ཨང་ཡིན་སྲིད། དོན་མི་གཅིག 规划用途 ནང་མིང་ངམ། 用途分类标准 ནང་ཚད་གཞི་འབྲི་རོགས།",
	},
	"names no land use": {
		"没有写出土地用途。",
		"ས་ཆའི་བེད་སྤྱོད་བྲིས་མེད།",
	},
	"is the name of no land use in the guide of 2023 or in GB/T 21010-2017; give its code in 用途代码": {
		"不是2023年分类指南或 GB/T 21010-2017 中的用地名称；请在“用途代码”中填代码。",
		"2023 ལམ་སྟོན་ནམ་ GB/T 21010-2017 ཡི་ས་ཆའི་མིང་མིན། 用途代码 ནང་ཨང་འབྲི་རོགས།",
	},
	"is no term in years such as 50, or 商业用地40年、住宅用地70年": {
		"不是年限，应写成 50，或 商业用地40年、住宅用地70年。",
		"ལོའི་ཡུན་མིན། 50 ཡང་ན་ 商业用地40年、住宅用地70年 ལྟར་འབྲི་དགོས།",
	},
	"the file holds no parcel: no line ends in @ after [地块坐标]": {
		"文件中没有地块：[地块坐标] 之后没有以 @ 结尾的行。",
		"ཡིག་ཆར་ས་ཆ་མི་འདུག [地块坐标] རྗེས་སུ་ @ ཡིས་མཇུག་པའི་ཕྲེང་མེད།",
	},
	"has no corners": {
		"没有界址点。",
		"མཚམས་ཚེག་མི་འདུག",
	},
	"is not 面; only areas are parcels": {
		"不是“面”；只有面才是地块。",
		"面 མིན། ངོས་ཁོ་ན་ས་ཆ་ཡིན།",
	},
	"the file names no reference system; its degrees are taken for CGCS2000. Coordinates copied from a map app lie some 350 m off": {
		"文件没有写明坐标系，经纬度按 CGCS2000 处理。从地图软件复制的坐标会偏约 350 米。",
		"ཡིག་ཆར་གནས་ཚད་མ་ལག་བྲིས་མེད། CGCS2000 རུ་རྩིས། ས་ཁྲའི་མཉེན་ཆས་ནས་བཤུས་ན་སྨི་ 350 ཙམ་གཡོ།",
	},
	"is not an area such as 3.18 or 0.7655公顷": {
		"不是面积，应写成 3.18 或 0.7655公顷。",
		"རྒྱ་ཁྱོན་མིན། 3.18 ཡང་ན་ 0.7655公顷 ལྟར་འབྲི་དགོས།",
	},
	`must be a string or {"zh": …, "bo": …, "en": …}`: {
		`应为文字，或 {"zh": …, "bo": …, "en": …}。`,
		`ཡི་གེ་ཡང་ན་ {"zh": …, "bo": …, "en": …} དགོས།`,
	},
	"holds a NUL character": {
		"含有 NUL 字符。",
		"NUL ཡིག་རྟགས་འདུག",
	},
	"is a JSON %s where an object is needed": {
		"是 JSON 的%s，应为对象。",
		"JSON ཡི་%sཡིན། object དགོས།",
	},
	"is a JSON %s and cannot be read as %s": {
		"是 JSON 的%s，不能读作%s。",
		"JSON ཡི་%sཡིན། %sརུ་ཀློག་མི་ཐུབ།",
	},
	"is no limit such as ≤2.0, 不低于35%% or 1.0-2.0": {
		"不是限值，应写成 ≤2.0、不低于35%% 或 1.0-2.0。",
		"ཚད་བཀག་མིན། ≤2.0, 不低于35%% ཡང་ན་ 1.0-2.0 ལྟར་འབྲི་དགོས།",
	},
	"can be a share or a percentage below 1; write 35%% or 35 for 35 per cent": {
		"可能是小数，也可能是小于 1 的百分数；百分之三十五请写 35%% 或 35。",
		"བརྒྱ་ཆའམ་ཆ་ཕྲན་ཡིན་སྲིད། བརྒྱ་ཆ་ 35 ལ་ 35%% ཡང་ན་ 35 འབྲི་རོགས།",
	},
	"is a number that the spreadsheet has rounded; format the column as text and enter it anew": {
		"是被电子表格舍入过的数；请将该列设为文本后重新输入。",
		"རེའུ་མིག་གིས་བསྡུས་པའི་གྲངས་ཡིན། ཀེ་འདི་ཡི་གེར་བཟོས་ནས་ཡང་བསྐྱར་འབྲི་རོགས།",
	},
	"repeats %s": {
		"与 %s 重复。",
		"%s བསྐྱར་ཟློས་ཡིན།",
	},
	"needs a station number that stays the same in every file": {
		"缺少站点编号；各文件中的编号须保持不变。",
		"ངལ་གསོ་ཁང་གི་ཨང་དགོས། ཡིག་ཆ་ཚང་མར་གཅིག་མཐུན་དགོས།",
	},
	"does not agree with the column that says open for 24 hours": {
		"与“24小时开放”一列不符。",
		"ཆུ་ཚོད་ 24 སྒོ་ཕྱེ་བའི་ཀེ་དང་མི་མཐུན།",
	},
	"the parcel line has %d attributes before the @, and 面 is not the fifth; it needs 界址点数,地块面积,地块编号,地块名称,面,图幅号,地块用途,地类编码": {
		"地块行 @ 之前有 %d 项，第五项不是“面”；应为：界址点数,地块面积,地块编号,地块名称,面,图幅号,地块用途,地类编码。",
		"ས་ཆའི་ཕྲེང་ལ་ @ སྔོན་རྣམ་གྲངས་ %d འདུག ལྔ་པ་面 མིན། 界址点数,地块面积,地块编号,地块名称,面,图幅号,地块用途,地类编码 དགོས།",
	},
	"the parcel line has %d attributes before the @, so which of the last ones is missing is not known; it needs 界址点数,地块面积,地块编号,地块名称,面,图幅号,地块用途,地类编码": {
		"地块行 @ 之前有 %d 项，无法判断后面缺的是哪一项；应为：界址点数,地块面积,地块编号,地块名称,面,图幅号,地块用途,地类编码。",
		"ས་ཆའི་ཕྲེང་ལ་ @ སྔོན་རྣམ་གྲངས་ %d འདུག གང་ཆད་མི་ཤེས། 界址点数,地块面积,地块编号,地块名称,面,图幅号,地块用途,地类编码 དགོས།",
	},
	"the line is longer than %d KiB": {
		"该行长于 %d KiB。",
		"ཕྲེང་འདི་ %d KiB ལས་རིང་འདུག",
	},
	"has no section [地块坐标]; this is not a boundary TXT": {
		"没有 [地块坐标] 段；不是勘测定界 TXT。",
		"[地块坐标] མི་འདུག 勘测定界 TXT མིན།",
	},
	"a corner stands before the first parcel line, the one that ends in @": {
		"第一个地块行（以 @ 结尾的行）之前出现了界址点。",
		"@ ཡིས་མཇུག་པའི་ས་ཆའི་ཕྲེང་དང་པོའི་སྔོན་དུ་མཚམས་ཚེག་འདུག",
	},
	"this is not a boundary TXT: it must start with [属性描述]": {
		"不是勘测定界 TXT：应以 [属性描述] 开头。",
		"勘测定界 TXT མིན། [属性描述] ཡིས་འགོ་འཛུགས་དགོས།",
	},
	"[属性描述] has more than %d lines": {
		"[属性描述] 多于 %d 行。",
		"[属性描述] ལ་ཕྲེང་ %d ལས་མང་འདུག",
	},
	"the line is not key=value, and is passed over": {
		"该行不是“键=值”，已跳过。",
		"ཕྲེང་འདི་ key=value མིན། བཞག་པ་ཡིན།",
	},
	"%s is given in line %d already, with another value": {
		"%s 已在第 %d 行给出，而且值不同。",
		"%s ནི་ཕྲེང་ %d ལ་བྱུང་ཟིན། གྲངས་མི་གཅིག",
	},
	"the parcel of line %d has more than %d corners that cannot be read": {
		"第 %d 行的地块中无法读取的界址点多于 %d 个。",
		"ཕྲེང་ %d ཡི་ས་ཆར་ཀློག་མི་ཐུབ་པའི་མཚམས་ཚེག་ %d ལས་མང་འདུག",
	},
	"cannot be turned into CGCS2000 without local parameters; have the file converted to 2000国家大地坐标系 first": {
		"没有当地参数不能转换为 CGCS2000；请先请测绘单位将文件转换为2000国家大地坐标系。",
		"ས་གནས་ཀྱི་ཞུགས་གྲངས་མེད་ན་ CGCS2000 ལ་སྒྱུར་མི་ཐུབ། སྔོན་ལ་ཡིག་ཆ་2000国家大地坐标系 ལ་སྒྱུར་རོགས།",
	},
	"is not known; have the file converted to 2000国家大地坐标系 first": {
		"无法识别；请先请测绘单位将文件转换为2000国家大地坐标系。",
		"ངོས་འཛིན་མི་ཐུབ། སྔོན་ལ་ཡིག་ཆ་2000国家大地坐标系 ལ་སྒྱུར་རོགས།",
	},
	"is not Gauss-Krüger (高斯克吕格)": {
		"不是高斯克吕格投影。",
		"高斯克吕格 མིན།",
	},
	"is none of 米, 度 and 度分秒": {
		"应为米、度或度分秒。",
		"米, 度 ཡང་ན་ 度分秒 དགོས།",
	},
	"must be 3 or 6": {
		"应为 3 或 6。",
		"3 ཡང་ན་ 6 དགོས།",
	},
	"is not a zone number such as 31": {
		"不是带号，应写成 31。",
		"རྒྱུད་ཨང་མིན། 31 ལྟར་འབྲི་དགོས།",
	},
	"is no zone of CGCS2000 in China: 25 to 45 are those of 3 degrees, 13 to 23 those of 6, and 几度分带 must go with it": {
		"不是 CGCS2000 在中国的带号：3 度带为 25 至 45，6 度带为 13 至 23，且须与“几度分带”一致。",
		"ཀྲུང་གོའི་ CGCS2000 ཡི་རྒྱུད་ཨང་མིན། ཏུའུ་ 3 ལ་ 25 ནས་ 45 དང་། ཏུའུ་ 6 ལ་ 13 ནས་ 23 ཡིན། 几度分带 དང་མཐུན་དགོས།",
	},
	"is not a whole number of degrees such as 93": {
		"不是整度数，应写成 93。",
		"ཏུའུ་ཧྲིལ་པོ་མིན། 93 ལྟར་འབྲི་དགོས།",
	},
	"is not that of zone %d, which is %d": {
		"不是第 %d 带的中央子午线，应为 %d。",
		"རྒྱུད་ %d ཡི་中央子午线 མིན། %d དགོས།",
	},
	"is the axis of no zone of CGCS2000 in China, or of none as wide as 几度分带 says": {
		"不是 CGCS2000 在中国任何投影带的中央子午线，或与“几度分带”不一致。",
		"ཀྲུང་གོའི་ CGCS2000 ཡི་中央子午线 མིན་པའམ། 几度分带 དང་མི་མཐུན།",
	},
	"is another zone than the one of %d degrees that this import was told of, %d": {
		"与本次导入指定的 %d 度带第 %d 带不同。",
		"ནང་འདྲེན་འདིར་གསལ་བའི་ཏུའུ་ %d ཡི་རྒྱུད་ %d དང་མི་གཅིག",
	},
	"is not the width of the zone that this import was told of, %d degrees": {
		"与本次导入指定的 %d 度带不同。",
		"ནང་འདྲེན་འདིར་གསལ་བའི་ཏུའུ་ %d དང་མི་གཅིག",
	},
	"is not known for coordinates in metres; have the file converted to 2000国家大地坐标系 first": {
		"不能用于以米为单位的坐标；请先请测绘单位将文件转换为2000国家大地坐标系。",
		"སྨིའི་གནས་ཚད་ལ་སྤྱོད་མི་ཐུབ། སྔོན་ལ་ཡིག་ཆ་2000国家大地坐标系 ལ་སྒྱུར་རོགས།",
	},
	"the reference system is missing; give 坐标系=2000国家大地坐标系, or, when you know that it is that one, say so (--cgcs2000)": {
		"没有写明坐标系；请写 坐标系=2000国家大地坐标系，如确知是该坐标系，也可在导入时说明（--cgcs2000）。",
		"གནས་ཚད་མ་ལག་བྲིས་མེད། 坐标系=2000国家大地坐标系 འབྲི་རོགས། གཏན་འཁེལ་ཤེས་ན་ --cgcs2000 གསལ་རོགས།",
	},
	"is one of angles, but the coordinates are in metres": {
		"是角度单位，而坐标以米为单位。",
		"ཟུར་ཚད་ཀྱི་ཚད་གཞི་ཡིན། གནས་ཚད་ནི་སྨི་ཡིན།",
	},
	"the zone is missing: give 带号= in [属性描述], or eastings of 8 digits that start with it, or name it for this import (--zone)": {
		"没有带号：请在 [属性描述] 中写 带号=，或用以带号开头的 8 位横坐标，或在导入时指定（--zone）。",
		"རྒྱུད་ཨང་མི་འདུག [属性描述] ནང་ 带号= འབྲི་བའམ། རྒྱུད་ཨང་ཡོད་པའི་ཤར་གནས་ཚད་གྲངས་ 8 འབྲི་བའམ། --zone གསལ་རོགས།",
	},
	"has the zone %d before its easting, but 带号 is %d": {
		"横坐标前的带号是 %d，而“带号”为 %d。",
		"ཤར་གནས་ཚད་ཀྱི་རྒྱུད་ཨང་ %d ཡིན། 带号 ནི་ %d ཡིན།",
	},
	"starts with %d, which is no zone of CGCS2000 in China: 25 to 45 are those of 3 degrees, 13 to 23 those of 6, and 几度分带 must go with it": {
		"以 %d 开头，不是 CGCS2000 在中国的带号：3 度带为 25 至 45，6 度带为 13 至 23，且须与“几度分带”一致。",
		"%d ཡིས་འགོ་འཛུགས། ཀྲུང་གོའི་ CGCS2000 ཡི་རྒྱུད་ཨང་མིན། ཏུའུ་ 3 ལ་ 25 ནས་ 45 དང་། ཏུའུ་ 6 ལ་ 13 ནས་ 23 ཡིན། 几度分带 དང་མཐུན་དགོས།",
	},
	"is an angle, but the header speaks of a plane in metres": {
		"是角度，而文件头写明是以米为单位的平面坐标。",
		"ཟུར་ཚད་ཡིན། ཡིག་ཆའི་མགོར་སྨིའི་གནས་ཚད་བྲིས་འདུག",
	},
	"some angles have 60 or more minutes or seconds, so they are not ddd.mmss as 计量单位 says": {
		"有的角度分或秒达到 60，不是“计量单位”所说的 ddd.mmss。",
		"ཟུར་ཚད་ཁ་ཤས་ཀྱི་སྐར་མའམ་སྐར་ཆ་ 60 ཡན་འདུག 计量单位 ཡི་ ddd.mmss མིན།",
	},
	"the angles can be decimal degrees or ddd.mmss; give 计量单位=度 or 计量单位=度分秒": {
		"角度可能是十进制度，也可能是 ddd.mmss；请写明 计量单位=度 或 计量单位=度分秒。",
		"ཟུར་ཚད་ནི་ཏུའུའམ་ ddd.mmss ཡིན་སྲིད། 计量单位=度 ཡང་ན་ 计量单位=度分秒 འབྲི་རོགས།",
	},
	"seems to have X and Y exchanged; X is the northing, of 7 digits, and comes first": {
		"X 与 Y 似乎颠倒；X 为北坐标，7 位整数，应写在前面。",
		"X དང་ Y ལྡོག་པ་འདྲ། X ནི་བྱང་ཡིན། གྲངས་ 7 ཡོད། སྔོན་ལ་འབྲི་དགོས།",
	},
	"is no northing (X) in China, which has 7 digits, in metres": {
		"不是中国境内的纵坐标（X）：应为 7 位整数，以米为单位。",
		"ཀྲུང་གོའི་བྱང་གནས་ཚད་ (X) མིན། གྲངས་ 7 དང་སྨི་དགོས།",
	},
	"is no easting (Y), which has 6 digits before the point, in metres, or 8 with the zone before them": {
		"不是横坐标（Y）：整数部分应为 6 位，前加带号则为 8 位，以米为单位。",
		"ཤར་གནས་ཚད་ (Y) མིན། གྲངས་ 6 དང་། རྒྱུད་ཨང་ཡོད་ན་ 8 དགོས། སྨིའི་ཐོག་འབྲི་དགོས།",
	},
	"has %d cells where the heading has %d; perhaps a separator inside a cell without quotes": {
		"该行有 %d 个单元格，表头只有 %d 个；可能是单元格中有分隔符而未加引号。",
		"སྒྲོམ་ %d འདུག མགོ་བྱང་ལ་ %d འདུག སྒྲོམ་ནང་དབྱེ་རྟགས་ཡོད་སྲིད།",
	},
	"the table has no heading": {
		"表格没有表头。",
		"རེའུ་མིག་ལ་མགོ་བྱང་མི་འདུག",
	},
	"the headings %q and %q mean the same column; keep one of them": {
		"表头 %q 与 %q 是同一列；请只留一个。",
		"མགོ་བྱང་ %q དང་ %q ཀེ་གཅིག་ཡིན། གཅིག་འཇོག་རོགས།",
	},
	"the heading lacks %s; the first row must name the columns": {
		"表头缺少：%s；第一行须为列名。",
		"མགོ་བྱང་ལ་ %s ཆད་འདུག ཕྲེང་དང་པོར་ཀེའི་མིང་དགོས།",
	},
	`line %d has a quote that does not belong there (%v); a quoted cell starts and ends with " and doubles those inside`: {
		`第 %d 行有不该出现的引号（%v）；加引号的单元格须以 " 开头和结尾，其中的引号写两个。`,
		`ཕྲེང་ %d ལ་འདྲེན་རྟགས་ནོར་འདུག (%v) སྒྲོམ་གྱི་འགོ་མཇུག་ཏུ་ " དགོས། ནང་དུ་ཉིས་བརྩེགས་དགོས།`,
	},
	"the row is longer than %d KiB; a quote may not be closed": {
		"该行长于 %d KiB；可能有引号没有闭合。",
		"ཕྲེང་འདི་ %d KiB ལས་རིང་འདུག འདྲེན་རྟགས་ཁ་མ་བསྡམས་སྲིད།",
	},
	"the row has more than %d cells": {
		"该行单元格多于 %d 个。",
		"ཕྲེང་ལ་སྒྲོམ་ %d ལས་མང་འདུག",
	},
	"the file is larger than %d MB": {
		"文件大于 %d MB。",
		"ཡིག་ཆ་ %d MB ལས་ཆེ་འདུག",
	},
	"the file is a ZIP archive or an Excel workbook, not text": {
		"文件是 ZIP 压缩包或 Excel 工作簿，不是文本。",
		"ཡིག་ཆ་ ZIP ཡང་ན་ Excel ཡིན། ཡི་གེ་མིན།",
	},
	"the file is an old Excel workbook (.xls), or one with a password; save it as .xlsx without a password": {
		"文件是旧版 Excel 工作簿（.xls），或设有密码；请不设密码另存为 .xlsx。",
		"ཡིག་ཆ་ .xls རྙིང་པའམ་གསང་ཨང་ཅན་ཡིན། གསང་ཨང་མེད་པར་ .xlsx ཐོག་ཉར་རོགས།",
	},
	"the file is a PDF, not text": {
		"文件是 PDF，不是文本。",
		"ཡིག་ཆ་ PDF ཡིན། ཡི་གེ་མིན།",
	},
	"the file is empty": {
		"文件是空的。",
		"ཡིག་ཆ་སྟོང་པ་ཡིན།",
	},
	"the file holds NUL bytes: UTF-16 without its mark, or not a text; save it as UTF-8 (in Excel: CSV UTF-8) or as GB18030": {
		"文件含有 NUL 字节：是没有标记的 UTF-16，或不是文本；请另存为 UTF-8（Excel 中选 CSV UTF-8）或 GB18030。",
		"NUL byte འདུག UTF-16 རྟགས་མེད་དམ་ཡི་གེ་མིན། UTF-8 (Excel ནང་ CSV UTF-8) ཡང་ན་ GB18030 ཐོག་ཉར་རོགས།",
	},
	"the text is UTF-8 with bytes that are not; save it as UTF-8 (in Excel: CSV UTF-8) or as GB18030": {
		"文字是 UTF-8，但其中有损坏的字节；请另存为 UTF-8（Excel 中选 CSV UTF-8）或 GB18030。",
		"UTF-8 ཡིན། byte ནོར་བ་འདུག UTF-8 (Excel ནང་ CSV UTF-8) ཡང་ན་ GB18030 ཐོག་ཉར་རོགས།",
	},
	"the text is neither UTF-8 nor %s; save it as UTF-8 (in Excel: CSV UTF-8) or as GB18030": {
		"文字既不是 UTF-8，也不是 %s；请另存为 UTF-8（Excel 中选 CSV UTF-8）或 GB18030。",
		"UTF-8 དང་ %s གང་ཡང་མིན། UTF-8 (Excel ནང་ CSV UTF-8) ཡང་ན་ GB18030 ཐོག་ཉར་རོགས།",
	},
	"the file holds NUL characters, so it is not a text; save it as UTF-8 (in Excel: CSV UTF-8) or as GB18030": {
		"文件含有 NUL 字符，不是文本；请另存为 UTF-8（Excel 中选 CSV UTF-8）或 GB18030。",
		"NUL ཡིག་རྟགས་འདུག ཡི་གེ་མིན། UTF-8 (Excel ནང་ CSV UTF-8) ཡང་ན་ GB18030 ཐོག་ཉར་རོགས།",
	},
	"is not one of %v or their Chinese names": {
		"不是 %v 之一，也不是其中文名称。",
		"%v དང་དེའི་རྒྱ་ཡིག་མིང་གང་ཡང་མིན།",
	},
	"is not a facility that Kora knows": {
		"是未知的设施。",
		"སྒྲིག་ཆས་འདི་མི་ཤེས།",
	},
	"is neither 是 nor 否": {
		"应为“是”或“否”。",
		"是 ཡང་ན་ 否 དགོས།",
	},
	"is shifted by some 300 m for map apps, and Kora does not undo that; give the coordinates as surveyed, in CGCS2000 or WGS 84": {
		"是地图软件所用、偏移约 300 米的坐标，本系统不作还原；请给出 CGCS2000 或 WGS 84 的实测坐标。",
		"ས་ཁྲའི་མཉེན་ཆས་ཀྱི་སྨི་ 300 ཙམ་གཡོས་པའི་གནས་ཚད་ཡིན། CGCS2000 ཡང་ན་ WGS 84 ཡི་ཚད་འཇལ་དངོས་འབྲི་རོགས།",
	},
	"is not a reference system for longitude and latitude here; give CGCS2000 or WGS 84": {
		"不是此处可用的经纬度坐标系；请用 CGCS2000 或 WGS 84。",
		"འདིར་སྤྱོད་རུང་བའི་གནས་ཚད་མ་ལག་མིན། CGCS2000 ཡང་ན་ WGS 84 འབྲི་རོགས།",
	},
	"is no utility that Kora knows, such as 路, 给水, 电 or 三通一平": {
		"是未知的基础设施，应写成 路、给水、电 或 三通一平。",
		"མི་ཤེས་པ་ཡིན། 路, 给水, 电 ཡང་ན་ 三通一平 ལྟར་འབྲི་རོགས།",
	},
	"the workbook is cut off or damaged: its archive has no readable directory": {
		"工作簿不完整或已损坏：压缩目录无法读取。",
		"རེའུ་མིག་ཡིག་ཆ་ཆ་མི་ཚང་བའམ་ནོར་འདུག དཀར་ཆག་ཀློག་མི་ཐུབ།",
	},
	"the workbook is cut off or damaged (%s)": {
		"工作簿不完整或已损坏（%s）。",
		"རེའུ་མིག་ཡིག་ཆ་ཆ་མི་ཚང་བའམ་ནོར་འདུག (%s)",
	},
	"the workbook holds more than %d parts": {
		"工作簿的部件多于 %d 个。",
		"རེའུ་མིག་ཡིག་ཆར་ཆ་ཤས་ %d ལས་མང་འདུག",
	},
	"the archive holds %q, which leads out of it": {
		"压缩包中的 %q 指向包外。",
		"ནང་གི་ %q ནི་ཕྱི་རོལ་དུ་སྟོན།",
	},
	"the archive holds %q twice": {
		"压缩包中的 %q 出现两次。",
		"ནང་དུ་ %q ཐེངས་གཉིས་འདུག",
	},
	"the archive has a password; save it without one": {
		"压缩包设有密码；请不设密码保存。",
		"གསང་ཨང་འདུག གསང་ཨང་མེད་པར་ཉར་རོགས།",
	},
	"the archive is no Excel workbook (.xlsx)": {
		"压缩包不是 Excel 工作簿（.xlsx）。",
		"Excel (.xlsx) མིན།",
	},
	"the workbook has no sheet of cells": {
		"工作簿没有工作表。",
		"ཡིག་ཆར་རེའུ་མིག་མི་འདུག",
	},
	"the workbook lacks its part %s": {
		"工作簿缺少部件 %s。",
		"ཡིག་ཆར་ཆ་ཤས་ %s ཆད་འདུག",
	},
	"the part %s of the workbook unpacks to more than %d MB": {
		"工作簿的部件 %s 解压后大于 %d MB。",
		"ཆ་ཤས་ %s བཀྲོལ་རྗེས་ %d MB ལས་ཆེ་འདུག",
	},
	"the sheet unpacks to more than %d MB": {
		"工作表解压后大于 %d MB。",
		"རེའུ་མིག་བཀྲོལ་རྗེས་ %d MB ལས་ཆེ་འདུག",
	},
	"the workbook holds a text of more than %d MB": {
		"工作簿中有一段文字大于 %d MB。",
		"ཡིག་ཆར་ %d MB ལས་ཆེ་བའི་ཡི་གེ་ཞིག་འདུག",
	},
	"the workbook declares a document type, which may name files outside of it; it is not read": {
		"工作簿声明了文档类型，可能引用外部文件，不予读取。",
		"ཡིག་ཆར་ document type འདུག ཕྱིའི་ཡིག་ཆ་སྟོན་སྲིད་པས་མི་ཀློག",
	},
	"the workbook holds more than %d texts": {
		"工作簿的文字多于 %d 段。",
		"ཡིག་ཆར་ཡི་གེ་ %d ལས་མང་འདུག",
	},
	"the rows of the sheet are not in order at row %q": {
		"工作表的行在 %q 处次序错乱。",
		"རེའུ་མིག་གི་ཕྲེང་ %q ལ་རིམ་པ་ནོར་འདུག",
	},
	"the sheet has more than %d rows": {
		"工作表多于 %d 行。",
		"རེའུ་མིག་ལ་ཕྲེང་ %d ལས་མང་འདུག",
	},
	"the cells of row %d are not in order at %q": {
		"第 %d 行的单元格在 %q 处次序错乱。",
		"ཕྲེང་ %d ཡི་སྒྲོམ་ %q ལ་རིམ་པ་ནོར་འདུག",
	},
	"holds an error of the spreadsheet": {
		"是电子表格的错误值。",
		"རེའུ་མིག་གི་ནོར་འཁྲུལ་ཡིན།",
	},
	"is a formula without a result; open the workbook in the spreadsheet, save it, or paste the cell as a value": {
		"是没有结果的公式；请在电子表格中打开并保存，或将该单元格粘贴为数值。",
		"གྲུབ་འབྲས་མེད་པའི་རྩིས་གཞི་ཡིན། རེའུ་མིག་ནང་ཁ་ཕྱེས་ནས་ཉར་བའམ། གྲངས་སུ་སྦྱར་རོགས།",
	},
	"is a number of more than 15 digits, which a spreadsheet rounds; format the column as text and enter it anew": {
		"是超过 15 位的数，会被电子表格舍入；请将该列设为文本后重新输入。",
		"གྲངས་ 15 ལས་རིང་བས་རེའུ་མིག་གིས་བསྡུ། ཀེ་འདི་ཡི་གེར་བཟོས་ནས་ཡང་བསྐྱར་འབྲི་རོགས།",
	},
	"the sheet has more than %d cells that cannot be read": {
		"工作表中无法读取的单元格多于 %d 个。",
		"ཀློག་མི་ཐུབ་པའི་སྒྲོམ་ %d ལས་མང་འདུག",
	},
	"the sheet has more than %d dates and percentages": {
		"工作表的日期和百分数多于 %d 个。",
		"ཚེས་གྲངས་དང་བརྒྱ་ཆ་ %d ལས་མང་འདུག",
	},
	"the sheet merges the cells %q, which is no range": {
		"工作表合并的单元格 %q 不是有效范围。",
		"བསྡུས་པའི་སྒྲོམ་ %q ནོར་འདུག",
	},
	"the sheet merges more than %d cells": {
		"工作表合并的单元格多于 %d 个。",
		"བསྡུས་པའི་སྒྲོམ་ %d ལས་མང་འདུག",
	},
	"the row is longer than %d KiB": {
		"该行长于 %d KiB。",
		"ཕྲེང་འདི་ %d KiB ལས་རིང་འདུག",
	},
	"is merged with %s; give each row a cell of its own": {
		"与 %s 合并；请让每行各有自己的单元格。",
		"%s དང་བསྡུས་འདུག ཕྲེང་རེར་སྒྲོམ་རེ་དགོས།",
	},
	"the workbook has %d more sheets that are shown; only the first is read": {
		"工作簿还有 %d 个可见的工作表；只读取第一个。",
		"ད་དུང་རེའུ་མིག་ %d འདུག དང་པོ་ཁོ་ན་ཀློག",
	},
	"%d cells are formulas; the results that the workbook was saved with are taken": {
		"%d 个单元格是公式，取保存时的结果。",
		"སྒྲོམ་ %d ནི་རྩིས་གཞི་ཡིན། ཉར་སྐབས་ཀྱི་གྲུབ་འབྲས་རྩིས།",
	},
}
