package words

// serviceSentences are what is said of a request, of an option and of files that go out.
var serviceSentences = map[string]told{
	"must be 0 or from 7 to 11": {
		"应为 0，或 7 至 11。",
		"0 ཡང་ན་ 7 ནས་ 11 བར་དགོས།",
	},
	"the area needs too many cells; take a shorter time or a coarser resolution": {
		"该范围的网格过多；请缩短时间或降低分辨率。",
		"ཁྱབ་ཁོངས་འདིའི་དྲ་མིག་མང་དྲགས། དུས་ཚོད་ཐུང་བའམ་དྲ་མིག་ཆེ་བ་འདེམས་རོགས།",
	},
	"written, but this node does not show it yet": {
		"已写入，但本节点尚未显示。",
		"བྲིས་ཟིན། ཡིན་ནའང་འདིར་ད་དུང་མངོན་མེད།",
	},
	"is no six-digit code": {
		"不是六位代码。",
		"གྲངས་ 6 ཡི་ཨང་མིན།",
	},
	"is no land-use code": {
		"不是用地代码。",
		"ས་ཆ་བེད་སྤྱོད་ཨང་མིན།",
	},
	"must have 1 to 60 characters": {
		"应为 1 至 60 个字。",
		"ཡིག་འབྲུ་ 1 ནས་ 60 བར་དགོས།",
	},
	"has more than %d values": {
		"不得多于 %d 个值。",
		"གྲངས་ %d ལས་མང་མི་ཆོག",
	},
	"must be a number": {
		"应为数字。",
		"གྲངས་དགོས།",
	},
	"must be a number that is not negative": {
		"应为不小于 0 的数。",
		"0 ལས་མི་ཆུང་བའི་གྲངས་དགོས།",
	},
	"must be lon,lat,lon,lat,… of at least three corners": {
		"应为 经度,纬度,经度,纬度,…，至少三个角点。",
		"གཞུང་ཐིག,འཕྲེད་ཐིག,… ཚེག་ 3 ཡན་དགོས།",
	},
	"has a ring of fewer than three corners": {
		"有一环不足三个角点。",
		"ཐིག་སྒོར་ཞིག་ལ་ཚེག་ 3 མི་ལོངས།",
	},
	"has no ring": {
		"没有环。",
		"ཐིག་སྒོར་མི་འདུག",
	},
	"has more than %d corners": {
		"角点多于 %d 个。",
		"ཚེག་ %d ལས་མང་འདུག",
	},
	"near and minutes go together": {
		"near 与 minutes 须同时给出。",
		"near དང་ minutes མཉམ་དུ་དགོས།",
	},
	"must be lon,lat": {
		"应为 经度,纬度。",
		"གཞུང་ཐིག,འཕྲེད་ཐིག་དགོས།",
	},
	"must be above 0 and at most %d": {
		"应大于 0 且不超过 %d。",
		"0 ལས་ཆེ་བ་དང་ %d ལས་མི་བརྒལ་བ་དགོས།",
	},
	"is no order; parcels are sorted by %s": {
		"不是排序方式；地块可按以下各项排序：%s。",
		"རིམ་སྒྲིག་མིན། ས་ཆ་རིམ་སྒྲིག་ཐབས། %s",
	},
	"no street network has been imported; run kora import network": {
		"尚未导入路网；请运行 kora import network。",
		"ལམ་དྲ་ནང་འདྲེན་བྱས་མེད། kora import network འཁོར་རོགས།",
	},
	"has no streets in the extract that was imported": {
		"导入的路网中没有适合该出行方式的道路。",
		"ནང་འདྲེན་བྱས་པའི་ལམ་དྲའི་ནང་འགྲོ་ཐབས་འདིའི་ལམ་མི་འདུག",
	},
	"no street for this profile within reach of this place (%.0f m), only for walkers": {
		"此处附近（%.0f 米）没有适合该出行方式的道路，只能步行。",
		"གནས་འདིའི་ཉེ་འགྲམ་ (སྨི་ %.0f) དུ་འགྲོ་ཐབས་འདིའི་ལམ་མི་འདུག རྐང་འགྲོས་ཁོ་ན།",
	},
	"no street within reach of this place (%.0f m)": {
		"此处附近（%.0f 米）没有可通行的道路，请换一个地点。",
		"གནས་འདིའི་ཉེ་འགྲམ་ (སྨི་ %.0f) དུ་འགྲོ་ལམ་མི་འདུག གནས་གཞན་ཞིག་འདེམས་རོགས།",
	},
	"cannot be read": {
		"无法识别。",
		"ངོས་འཛིན་མི་ཐུབ།",
	},
	"is not known here; parcels take %s": {
		"此处没有这个参数；地块的参数有：%s。",
		"ཞུགས་གྲངས་འདི་མེད། ས་ཆའི་ཞུགས་གྲངས། %s",
	},
	"is no tile layer; there are basemap, stations, coverage, corridors and parcels": {
		"不是瓦片图层；现有 basemap、stations、coverage、corridors 和 parcels。",
		"ས་ཁྲའི་རིམ་པ་འདི་མེད། basemap, stations, coverage, corridors, parcels ཡོད།",
	},
	"is not known here, or is given twice; a tile takes v, its version": {
		"此处没有这个参数，或重复给出；瓦片只有版本参数 v。",
		"ཞུགས་གྲངས་འདི་མེད་པའམ་ཐེངས་གཉིས་འདུག v ཁོ་ན་ཆོག",
	},
	"is not {z}/{x}/{y}.mvt": {
		"不是 {z}/{x}/{y}.mvt。",
		"{z}/{x}/{y}.mvt མིན།",
	},
	"is outside of the pyramid, whose zoom ends at %d": {
		"超出瓦片范围，最大级别为 %d。",
		"ས་ཁྲའི་དུམ་བུའི་ཁྱབ་ཁོངས་ལས་བརྒལ། རིམ་པ་ %d བར་ཡོད།",
	},
	"must be from 0 to %d": {
		"应在 0 至 %d 之间。",
		"0 ནས་ %d བར་དགོས།",
	},
	"must be a template such as https://host/{z}/{x}/{y}.png": {
		"应为 https://host/{z}/{x}/{y}.png 形式的模板。",
		"https://host/{z}/{x}/{y}.png ལྟ་བུ་དགོས།",
	},
	"must name one host; placeholders belong after it": {
		"只能有一个主机名；占位符应写在主机名之后。",
		"ཞབས་ཞུ་ཆས་གཅིག་དགོས། {…} དེའི་རྗེས་སུ་འབྲི་དགོས།",
	},
	"lacks %s": {
		"缺少 %s。",
		"%s ཆད་འདུག",
	},
	"has {key} and there is no key, or has none and there is one; set KORA_RASTER_KEY or --raster-key-file together with {key}": {
		"有 {key} 而没有密钥，或有密钥而没有 {key}；请将 KORA_RASTER_KEY 或 --raster-key-file 与 {key} 一并设置。",
		"{key} དང་ལྡེ་མིག་མཉམ་དུ་དགོས། KORA_RASTER_KEY ཡང་ན་ --raster-key-file དང་ {key} སྒྲིག་རོགས།",
	},
	"has a placeholder other than {z}, {x}, {y} and {key}": {
		"除 {z}、{x}、{y} 和 {key} 外还有别的占位符。",
		"{z}, {x}, {y}, {key} མིན་པའི་ {…} འདུག",
	},
	"the background has no picture here": {
		"背景图在此处没有图片。",
		"རྒྱབ་ལྗོངས་ས་ཁྲར་འདིར་པར་མི་འདུག",
	},
	"the server of the background map gave no picture": {
		"背景图服务没有返回图片。",
		"རྒྱབ་ལྗོངས་ས་ཁྲའི་ཞབས་ཞུ་ཆས་ནས་པར་མ་བྱུང་།",
	},
	"is not {z}/{x}/{y}": {
		"不是 {z}/{x}/{y}。",
		"{z}/{x}/{y} མིན།",
	},
	"there are light.json and dark.json": {
		"现有 light.json 和 dark.json。",
		"light.json དང་ dark.json ཡོད།",
	},
	"is not zh, bo or en": {
		"应为 zh、bo 或 en。",
		"zh, bo ཡང་ན་ en དགོས།",
	},
	"is neither all nor base": {
		"应为 all 或 base。",
		"all ཡང་ན་ base དགོས།",
	},
	"there are light/ and dark/ with sprite.json, sprite.png, sprite@2x.json and sprite@2x.png": {
		"现有 light/ 和 dark/，各含 sprite.json、sprite.png、sprite@2x.json 和 sprite@2x.png。",
		"light/ དང་ dark/ ཡོད། ནང་དུ་ sprite.json, sprite.png, sprite@2x.json, sprite@2x.png ཡོད།",
	},
	"is not the version of the text that is in force; read it again at /v1/intents/consent": {
		"不是现行的同意书版本；请在 /v1/intents/consent 重新阅读。",
		"ད་ལྟའི་མོས་མཐུན་ཡི་གེ་མིན། /v1/intents/consent ནས་ཡང་བསྐྱར་ཀློག་རོགས།",
	},
	"holds the number of no parcel on the map": {
		"其中有地图上没有的地块编号。",
		"ནང་དུ་ས་ཁྲའི་ཐོག་མེད་པའི་ས་ཆའི་ཨང་འདུག",
	},
	"intents are not taken here: the keys to contacts are missing": {
		"此处暂不受理意向：缺少联系方式的密钥。",
		"འདིར་འདོད་པ་དང་ལེན་མི་བྱེད། འབྲེལ་གཏུག་གི་ལྡེ་མིག་ཆད་འདུག",
	},
	"is not percent-encoded": {
		"应使用百分号编码。",
		"percent-encoding དགོས།",
	},
	"is nobody's name": {
		"不是人员姓名。",
		"མིའི་མིང་མིན།",
	},
	"with this number and this secret is not here": {
		"没有此编号与密码对应的意向。",
		"ཨང་དང་གསང་ཨང་འདིའི་འདོད་པ་མི་འདུག",
	},
	"is missing: changes are signed": {
		"缺少此项：修改须署名。",
		"འདི་ཆད་འདུག བཟོ་བཅོས་ལ་མིང་རྟགས་དགོས།",
	},
	"was deleted": {
		"已删除。",
		"བསུབས་ཟིན།",
	},
	"is missing: an answer says something": {
		"缺少此项：答复须有内容。",
		"འདི་ཆད་འདུག ལན་ལ་ནང་དོན་དགོས།",
	},
	"is none that was given out": {
		"不是本服务给出的翻页标记。",
		"འདིར་བཏང་བའི་རྟགས་མིན།",
	},
	"is not published": {
		"尚未发布。",
		"སྤེལ་མེད།",
	},
	"is no revision that was given out": {
		"不是本服务给出的版本号。",
		"འདིར་བཏང་བའི་པར་གཞི་མིན།",
	},
	"is no facility code": {
		"不是设施代码。",
		"སྒྲིག་ཆས་ཀྱི་ཨང་རྟགས་མིན།",
	},
	`must be "now" or a time such as 2026-07-01T22:00:00+08:00`: {
		`应为 "now" 或时间，例如 2026-07-01T22:00:00+08:00。`,
		`"now" ཡང་ན་དུས་ཚོད་དགོས། དཔེར་ན་ 2026-07-01T22:00:00+08:00`,
	},
	"belongs to another sort; begin at the first page": {
		"属于另一种排序；请从第一页开始。",
		"རིམ་སྒྲིག་གཞན་གྱི་ཡིན། ཤོག་ངོས་དང་པོ་ནས་འགོ་འཛུགས་རོགས།",
	},
	"are not those of a %s": {
		"不是 %s 的坐标。",
		"%s ཡི་གནས་ཚད་མིན།",
	},
	"is in the address and in the body": {
		"地址和正文中都有此项。",
		"དྲ་གནས་དང་ཡི་གེ་གཉིས་ཀར་འདུག",
	},
	"is not on the map": {
		"地图上没有。",
		"ས་ཁྲའི་ཐོག་མི་འདུག",
	},
	"must be from 1 to 600": {
		"应在 1 至 600 之间。",
		"1 ནས་ 600 བར་དགོས།",
	},
	"must be from 1 to 1,000": {
		"应在 1 至 1,000 之间。",
		"1 ནས་ 1,000 བར་དགོས།",
	},
	"there are no highways to export; import some with kora import highways": {
		"没有可导出的公路；请用 kora import highways 导入。",
		"ཕྱིར་འདྲེན་རུང་བའི་གཞུང་ལམ་མི་འདུག kora import highways ཡིས་ནང་འདྲེན་གནང་རོགས།",
	},
	"must be from 1 to 60": {
		"应在 1 至 60 之间。",
		"1 ནས་ 60 བར་དགོས།",
	},
	"is none of union_station, oxygen_bar and drivers_home": {
		"应为 union_station、oxygen_bar 或 drivers_home。",
		"union_station, oxygen_bar ཡང་ན་ drivers_home དགོས།",
	},
	"there are no cells to export: neither key areas nor stations near streets": {
		"没有可导出的网格：既无重点区域，也无道路附近的站点。",
		"ཕྱིར་འདྲེན་རུང་བའི་དྲ་མིག་མི་འདུག གཙོ་གནད་ཁུལ་དང་ལམ་འགྲམ་གྱི་ངལ་གསོ་ཁང་མེད།",
	},
	"are more places than %d": {
		"超过 %d 个位置。",
		"གནས་ %d ལས་མང་འདུག",
	},
	"has no place with a weight": {
		"没有任何带人数的位置。",
		"མི་གྲངས་ཡོད་པའི་གནས་མི་འདུག",
	},
	"is no cell of H3": {
		"不是 H3 格网。",
		"H3 དྲ་མིག་མིན།",
	},
	"is no index of H3 such as 8a3e2d4c1b27fff": {
		"不是 H3 索引，例如 8a3e2d4c1b27fff。",
		"H3 ཨང་མིན། དཔེར་ན། 8a3e2d4c1b27fff",
	},
	"is no key area of the record": {
		"没有此重点区域。",
		"གཙོ་གནད་ཁུལ་འདི་མི་འདུག",
	},
	"is no set of demand in the record": {
		"没有此需求数据。",
		"དགོས་མཁོའི་གཞི་གྲངས་འདི་མི་འདུག",
	},
	"is of resolution %d and the one in line %d of %d; all cells must be of one": {
		"是第 %d 级格网，而第 %d 行是第 %d 级；所有格网应为同一级。",
		"དྲ་མིག་རིམ་པ་ %d ཡིན། ཕྲེང་ %d པ་རིམ་པ་ %d ཡིན། ཚང་མ་རིམ་པ་གཅིག་དགོས།",
	},
	"is of resolution %d; cells coarser than %d tell nothing of a walk of 15 minutes": {
		"是第 %d 级格网；比第 %d 级更粗的格网无法反映步行 15 分钟的范围。",
		"དྲ་མིག་རིམ་པ་ %d ཡིན། རིམ་པ་ %d ལས་ཆེ་བས་རྐང་འགྲོས་སྐར་མ་ 15 མི་མཚོན།",
	},
	"must be from %d to %d": {
		"应在 %d 至 %d 之间。",
		"%d ནས་ %d བར་དགོས།",
	},
	"must be from 0 to 100,000": {
		"应在 0 至 100,000 之间。",
		"0 ནས་ 100,000 བར་དགོས།",
	},
	"must be from 0 to 100,000,000": {
		"应在 0 至 100,000,000 之间。",
		"0 ནས་ 100,000,000 བར་དགོས།",
	},
	"must each belong to a point, or each to a cell": {
		"每个人数应对应一个坐标点，或都对应一个格网。",
		"མི་གྲངས་རེ་རེར་ཚེག་གམ་དྲ་མིག་རེ་དགོས།",
	},
	"needs a name, such as 2026 年上半年": {
		"缺少名称，例如 2026 年上半年。",
		"མིང་དགོས། དཔེར་ན། 2026 年上半年",
	},
	"needs a source: who counted": {
		"缺少数据来源（由谁统计）。",
		"གཞི་གྲངས་ཀྱི་འབྱུང་ཁུངས་དགོས།",
	},
	"needs the day that it tells of": {
		"缺少数据截至日期。",
		"གཞི་གྲངས་ཀྱི་ཚེས་གྲངས་དགོས།",
	},
	"is none of geojson, csv and xlsx": {
		"应为 geojson、csv 或 xlsx。",
		"geojson, csv ཡང་ན་ xlsx དགོས།",
	},
	"%d rows are more than a sheet of a workbook holds (%d); choose another format": {
		"共 %d 行，超过工作表的上限（%d 行）；请改用其他格式。",
		"ཕྲེང་ %d འདུག ལས་ཤོག་གཅིག་ནང་ཕྲེང་ %d ལས་མི་ཤོང་། རྣམ་གཞག་གཞན་འདེམས་རོགས།",
	},
	"has more characters than a cell of a workbook holds (%d)": {
		"超过单元格的字数上限（%d）。",
		"ལས་ཤོག་གི་སྒྲོམ་གཅིག་ནང་ཡི་གེ་ %d ལས་མི་ཤོང་།",
	},
	"is none of geojson, csv, xlsx, gpkg, fgb and parquet": {
		"应为 geojson、csv、xlsx、gpkg、fgb 或 parquet。",
		"geojson, csv, xlsx, gpkg, fgb ཡང་ན་ parquet དགོས།",
	},
	"does not end in .geojson, .csv, .xlsx, .gpkg, .fgb or .parquet; name the format with --format": {
		"扩展名应为 .geojson、.csv、.xlsx、.gpkg、.fgb 或 .parquet；否则请用 --format 指定格式。",
		".geojson, .csv, .xlsx, .gpkg, .fgb ཡང་ན་ .parquet དགོས། མིན་ན་ --format ཐོག་རྣམ་གཞག་གསལ་རོགས།",
	},
	"is written by GDAL's ogr2ogr, which is not here; install gdal-bin (Debian), or take geojson or csv": {
		"需由 GDAL 的 ogr2ogr 写出，本机没有；请安装 gdal-bin（Debian），或改用 geojson、csv。",
		"GDAL ཡི་ ogr2ogr འདིར་མི་འདུག gdal-bin (Debian) སྒྲིག་འཇུག་གམ། geojson, csv འདེམས་རོགས།",
	},
	"is not among those that this GDAL writes; install a GDAL built with it (conda-forge and the image ghcr.io/osgeo/gdal have it), or take gpkg or fgb": {
		"本机的 GDAL 不能写出此格式；请安装支持它的 GDAL（conda-forge 或镜像 ghcr.io/osgeo/gdal），或改用 gpkg、fgb。",
		"འདིའི་ GDAL ཡིས་འབྲི་མི་ཐུབ། དེ་ཡོད་པའི་ GDAL (conda-forge, ghcr.io/osgeo/gdal) སྒྲིག་འཇུག་གམ། gpkg, fgb འདེམས་རོགས།",
	},
	"there are no parcels to export": {
		"没有可导出的地块。",
		"ཕྱིར་འདྲེན་རུང་བའི་ས་ཆ་མི་འདུག",
	},
	"parcel %s was not surveyed in a zone of CGCS2000; name the zone to write (--zone)": {
		"地块 %s 不是在 CGCS2000 投影带中测量的；请指定写出的带号（--zone）。",
		"ས་ཆ་ %s ནི་ CGCS2000 ཐོག་ཚད་འཇལ་བྱས་མེད། རྒྱུད་ཨང་གསལ་རོགས། (--zone)",
	},
	"the parcels were surveyed in several zones, %d and %d among them; name the one to write (--zone)": {
		"地块分属多个投影带，其中有 %d 和 %d；请指定写出的带号（--zone）。",
		"ས་ཆ་རྒྱུད་མང་པོར་གཏོགས། %d དང་ %d སོགས། རྒྱུད་ཨང་གསལ་རོགས། (--zone)",
	},
	"has a ring that shrinks to nothing at the millimetre": {
		"有一环精确到毫米后消失。",
		"ཐིག་སྒོར་ཞིག་ཧའོ་སྨིའི་ཐོག་མེད་པར་འགྱུར།",
	},
	"has a name or number with signs that GBK lacks; write the file in UTF-8": {
		"名称或编号含有 GBK 没有的字；请用 UTF-8 写出。",
		"མིང་ངམ་ཨང་ལ་ GBK ནང་མེད་པའི་ཡིག་འབྲུ་འདུག UTF-8 ཐོག་འབྲི་རོགས།",
	},
	"lies in a folder that does not exist": {
		"所在文件夹不存在。",
		"ཡིག་སྣོད་མི་འདུག",
	},
	"does not lie in a folder that can be read": {
		"所在文件夹无法读取。",
		"ཡིག་སྣོད་ཀློག་མི་ཐུབ།",
	},
	"is there already and is no plain file": {
		"已存在，且不是普通文件。",
		"ཡོད་ཟིན། ཡིག་ཆ་དཀྱུས་མ་མིན།",
	},
	"is there already; choose another name, or replace it with --force": {
		"已存在；请换一个名称，或用 --force 覆盖。",
		"ཡོད་ཟིན། མིང་གཞན་འདེམས་པའམ་ --force ཡིས་བརྗེ་རོགས།",
	},
	"there are no stations to export": {
		"没有可导出的站点。",
		"ཕྱིར་འདྲེན་རུང་བའི་ངལ་གསོ་ཁང་མི་འདུག",
	},
	"is one archive, which holds one layer; name the layer, or give a folder": {
		"是单个归档文件，只能存一个图层；请指定图层，或给出文件夹。",
		"ཡིག་མཛོད་གཅིག་ཡིན། རིམ་པ་གཅིག་ལས་མི་ཤོང་། རིམ་པ་གསལ་བའམ་ཡིག་སྣོད་འདེམས་རོགས།",
	},
	"is neither an archive (.pmtiles) nor a folder": {
		"既不是归档文件（.pmtiles），也不是文件夹。",
		"ཡིག་མཛོད་ (.pmtiles) དང་ཡིག་སྣོད་གང་ཡང་མིན།",
	},
	"is no folder and cannot be made one: %v": {
		"不是文件夹，也无法新建：%v",
		"ཡིག་སྣོད་མིན་ལ་གསར་བཟོ་ཡང་མི་ཐུབ། %v",
	},
	"is no tile layer; there are %s": {
		"不是瓦片图层；现有 %s。",
		"ས་ཁྲའི་རིམ་པ་འདི་མེད། %s ཡོད།",
	},
	"is named twice": {
		"重复给出。",
		"ཐེངས་གཉིས་འདུག",
	},
	"is more than --max-zoom": {
		"大于 --max-zoom。",
		"--max-zoom ལས་ཆེ་འདུག",
	},
	"is for boundary points only (--format txt)": {
		"只用于界址点（--format txt）。",
		"མཚམས་ཚེག་ཁོ་ན་ལ་སྤྱོད། (--format txt)",
	},
	"must be a scheme and a code, such as 2023:1001": {
		"应为分类标准加代码，例如 2023:1001。",
		"རིགས་དབྱེ་དང་ཨང་དགོས། དཔེར་ན་ 2023:1001",
	},
	"is needed beside --degree-zone": {
		"与 --degree-zone 同用时必须给出。",
		"--degree-zone དང་མཉམ་དུ་དགོས།",
	},
	"is no zone of CGCS2000 in China: 25 to 45 are those of 3 degrees, 13 to 23 those of 6": {
		"不是 CGCS2000 在中国的带号：3 度带为 25 至 45，6 度带为 13 至 23。",
		"ཀྲུང་གོའི་ CGCS2000 ཡི་རྒྱུད་ཨང་མིན། ཏུའུ་ 3 ལ་ 25 ནས་ 45 དང་། ཏུའུ་ 6 ལ་ 13 ནས་ 23 ཡིན།",
	},
	"is there already; choose another name": {
		"已存在；请换一个名称。",
		"ཡོད་ཟིན། མིང་གཞན་འདེམས་རོགས།",
	},
}
