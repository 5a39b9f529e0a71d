package words

// layerSentences are what is said of layers, archives, drawings, panoramas and of an import under way.
var layerSentences = map[string]told{
	"%d lines that are not closed are passed over": {
		"有 %d 条线未闭合，已跳过。",
		"ཁ་མ་བསྡམས་པའི་ཐིག་ %d བཞག་པ་ཡིན།",
	},
	"%q has parameters of no projection that is known here; reproject it to one of CGCS2000, or to EPSG:4490": {
		"%q 的参数不是已知的投影；请先转换为 CGCS2000 的投影或 EPSG:4490。",
		"%q ཡི་ཞུགས་གྲངས་ངོས་འཛིན་མི་ཐུབ། སྔོན་ལ་ CGCS2000 ཡང་ན་ EPSG:4490 ལ་སྒྱུར་རོགས།",
	},
	"%s in the archive is cut off or damaged (%s)": {
		"压缩包中的 %s 不完整或已损坏（%s）。",
		"ནང་གི་ %s ཆ་མི་ཚང་བའམ་ནོར་འདུག (%s)",
	},
	"%v, but its texts are %s and are read as that": {
		"%v，但其中文字是 %s，按后者读取。",
		"%v ཡིན་ནའང་ཡི་གེ་ནི་ %s ཡིན། དེ་ལྟར་ཀློག",
	},
	"KML is taken as WGS 84; where it was drawn over a Chinese map it may be shifted by some 350 m, so look at where it lies": {
		"KML 按 WGS 84 处理；若在国内地图上绘制，可能偏约 350 米，请核对位置。",
		"KML ནི་ WGS 84 རུ་རྩིས། རྒྱ་ནག་གི་ས་ཁྲའི་ཐོག་བྲིས་ན་སྨི་ 350 ཙམ་གཡོ་སྲིད། གནས་ལ་ཞིབ་བཤེར་གནང་རོགས།",
	},
	"arcs are taken as chains of lines of one degree each": {
		"圆弧按每段一度的折线处理。",
		"གཞུ་ཐིག་ཏུའུ་རེའི་ཐིག་ཐུང་དུ་རྩིས།",
	},
	"cannot be read within %d MB of memory: it is damaged, or too large; split it (GDAL says: %s)": {
		"在 %d MB 内存之内无法读取：文件已损坏或过大，请拆分（GDAL：%s）。",
		"%d MB ནང་ཀློག་མི་ཐུབ། ནོར་བའམ་ཆེ་དྲགས། དགར་རོགས། (GDAL: %s)",
	},
	"counts longitudes from another meridian than Greenwich": {
		"经度不是从格林尼治起算。",
		"གཞུང་ཐིག་ Greenwich ནས་མི་རྩི།",
	},
	"declares a document type, which may name files outside of it; it is not read": {
		"声明了文档类型，可能引用外部文件，不予读取。",
		"document type འདུག ཕྱིའི་ཡིག་ཆ་སྟོན་སྲིད་པས་མི་ཀློག",
	},
	"ends too early; send it again": {
		"不完整；请重新上传。",
		"ཆ་མི་ཚང་། ཡང་བསྐྱར་སྐུར་རོགས།",
	},
	"has %d faulty records; mend the file, or confirm without them": {
		"有 %d 条记录有误；请修改文件，或确认跳过这些记录。",
		"ཟིན་ཐོ་ནོར་བ་ %d འདུག ཡིག་ཆ་བཅོས་པའམ་དེ་དག་བཞག་ནས་གཏན་འཁེལ་གནང་རོགས།",
	},
	"has %d layers of outlines: %s; name one of them (--layer)": {
		"有 %d 个面图层：%s；请指定其一（--layer）。",
		"ངོས་ཀྱི་རིམ་པ་ %d འདུག %s གཅིག་གསལ་རོགས། (--layer)",
	},
	"has a layer that is called %q; give it another name": {
		"有一个图层名为 %q；请改名。",
		"རིམ་པ་ཞིག་གི་མིང་ %q ཡིན། མིང་བརྗེ་རོགས།",
	},
	"has angles that are not in degrees": {
		"角度不以度为单位。",
		"ཟུར་ཚད་ཏུའུ་མིན།",
	},
	"has closed lines on %d layers: %s; name the one of the parcels (--layer)": {
		"%d 个图层上有闭合线：%s；请指定地块所在图层（--layer）。",
		"རིམ་པ་ %d ཐོག་ཁ་བསྡམས་པའི་ཐིག་འདུག %s ས་ཆའི་རིམ་པ་གསལ་རོགས། (--layer)",
	},
	"has its colours as RGB or CMYK; save it as an ordinary JPEG": {
		"颜色为 RGB 或 CMYK；请存为普通 JPEG。",
		"མདོག་ RGB ཡང་ན་ CMYK ཡིན། JPEG དཀྱུས་མར་ཉར་རོགས།",
	},
	"has more than %d closed lines or texts; split it": {
		"闭合线或文字多于 %d 个；请拆分。",
		"ཁ་བསྡམས་པའི་ཐིག་གམ་ཡི་གེ་ %d ལས་མང་འདུག དགར་རོགས།",
	},
	"has no closed line on a layer %q": {
		"图层 %q 上没有闭合线。",
		"རིམ་པ་ %q ཐོག་ཁ་བསྡམས་པའི་ཐིག་མི་འདུག",
	},
	"has no closed line; outlines of parcels are closed polylines": {
		"没有闭合线；地块界址应为闭合多段线。",
		"ཁ་བསྡམས་པའི་ཐིག་མི་འདུག ས་ཆའི་མཐའ་མཚམས་ཁ་བསྡམས་དགོས།",
	},
	"has no colours, or other ones than a screen; save it as an ordinary JPEG": {
		"没有颜色，或颜色不是屏幕所用；请存为普通 JPEG。",
		"མདོག་མི་འདུག་པའམ་མི་མཐུན། JPEG དཀྱུས་མར་ཉར་རོགས།",
	},
	"has no datum": {
		"没有大地基准。",
		"datum མི་འདུག",
	},
	"has no field %q for the number; it has %s": {
		"没有用作编号的字段 %q；现有 %s。",
		"ཨང་གི་ field %q མི་འདུག %s ཡོད།",
	},
	"has no field that is known to hold the number of a parcel (地块编号, DKBH, number); when one does, name it (--number); it has %s": {
		"没有可识别的地块编号字段（地块编号、DKBH、number）；若有，请指定（--number）；现有 %s。",
		"ས་ཆའི་ཨང་གི་ field (地块编号, DKBH, number) མི་འདུག ཡོད་ན་ --number གསལ་རོགས། %s ཡོད།",
	},
	"has no file any more": {
		"文件已不在。",
		"ཡིག་ཆ་མེད་པར་གྱུར།",
	},
	"has no layer of outlines %q; it has %s": {
		"没有面图层 %q；现有 %s。",
		"ངོས་ཀྱི་རིམ་པ་ %q མི་འདུག %s ཡོད།",
	},
	"has no layer of polygons; parcels are polygons": {
		"没有面图层；地块应为面。",
		"ངོས་ཀྱི་རིམ་པ་མི་འདུག ས་ཆ་ངོས་ཡིན་དགོས།",
	},
	"has no preview to confirm: it is %s": {
		"没有可确认的预览：当前状态为 %s。",
		"གཏན་འཁེལ་རུང་བའི་སྔོན་ལྟ་མི་འདུག གནས་ཚུལ་ %s ཡིན།",
	},
	"has two fields that mean the same, %q and %q; take one of them away": {
		"字段 %q 与 %q 含义相同；请去掉一个。",
		"field %q དང་ %q དོན་གཅིག་ཡིན། གཅིག་སུབ་རོགས།",
	},
	"heights of corners are left out; parcels are flat": {
		"界址点的高程不保存；地块是平面图形。",
		"མཚམས་ཚེག་གི་མཐོ་ཚད་མི་ཉར།",
	},
	"holds a text of more than %d MB": {
		"有一段文字大于 %d MB。",
		"%d MB ལས་ཆེ་བའི་ཡི་གེ་ཞིག་འདུག",
	},
	"is a %s, which is read by GDAL's %s, and that is not here; install gdal-bin (Debian), or give GeoJSON": {
		"是 %s，需由 GDAL 的 %s 读取，本机没有；请安装 gdal-bin（Debian），或改用 GeoJSON。",
		"%s ཡིན། GDAL ཡི་ %s འདིར་མི་འདུག gdal-bin (Debian) སྒྲིག་འཇུག་གམ། GeoJSON འདེམས་རོགས།",
	},
	"is a %s, which this GDAL does not read; install one built with it, or give GeoJSON": {
		"是 %s，本机的 GDAL 不能读取；请安装支持它的 GDAL，或改用 GeoJSON。",
		"%s ཡིན། འདིའི་ GDAL ཡིས་ཀློག་མི་ཐུབ། GeoJSON འདེམས་རོགས།",
	},
	"is a 7z archive; pack it as ZIP": {
		"是 7z 压缩包；请压缩为 ZIP。",
		"7z ཡིན། ZIP ལ་བསྒྱུར་རོགས།",
	},
	"is a DWG, whose format is secret; save it as DXF": {
		"是 DWG，其格式不公开；请另存为 DXF。",
		"DWG ཡིན། DXF ཐོག་ཉར་རོགས།",
	},
	"is a KML of more than %d MB; split it, or give it as a GeoPackage": {
		"是大于 %d MB 的 KML；请拆分，或改用 GeoPackage。",
		"%d MB ལས་ཆེ་བའི་ KML ཡིན། དགར་བའམ་ GeoPackage འདེམས་རོགས།",
	},
	"is a RAR archive; pack it as ZIP": {
		"是 RAR 压缩包；请压缩为 ZIP。",
		"RAR ཡིན། ZIP ལ་བསྒྱུར་རོགས།",
	},
	"is a binary DXF; save it as an ASCII DXF": {
		"是二进制 DXF；请另存为 ASCII DXF。",
		"binary DXF ཡིན། ASCII DXF ཐོག་ཉར་རོགས།",
	},
	"is a kind of JPEG that is not read; save it as an ordinary JPEG": {
		"此种 JPEG 不能读取；请存为普通 JPEG。",
		"JPEG འདི་ཀློག་མི་ཐུབ། JPEG དཀྱུས་མར་ཉར་རོགས།",
	},
	"is an SQLite database and no GeoPackage": {
		"是 SQLite 数据库，不是 GeoPackage。",
		"SQLite ཡིན། GeoPackage མིན།",
	},
	"is cut off or damaged XML, or not in UTF-8 (%s)": {
		"XML 不完整、已损坏，或不是 UTF-8（%s）。",
		"XML ཆ་མི་ཚང་བའམ་ནོར་བའམ་ UTF-8 མིན། (%s)",
	},
	"is cut off or damaged; GDAL says: %s": {
		"不完整或已损坏（GDAL：%s）。",
		"ཆ་མི་ཚང་བའམ་ནོར་འདུག GDAL: %s",
	},
	"is empty": {
		"是空的。",
		"སྟོང་པ་ཡིན།",
	},
	"is larger than 50 MiB; split it": {
		"大于 50 MiB；请拆分。",
		"50 MiB ལས་ཆེ་འདུག དགར་རོགས།",
	},
	"is neither one of degrees nor a projection": {
		"既不是经纬度坐标系，也不是投影坐标系。",
		"ཏུའུའི་གནས་ཚད་དང་ངོས་འཕྲོའི་གནས་ཚད་གང་ཡང་མིན།",
	},
	"is neither a JPEG nor a PNG": {
		"不是 JPEG 或 PNG。",
		"JPEG དང་ PNG གང་ཡང་མིན་འདུག",
	},
	"is a damaged PNG": {
		"是已损坏的 PNG。",
		"PNG ནོར་འདུག",
	},
	"takes too much memory to decode; save it as a JPEG": {
		"解码占用内存太多；请另存为 JPEG。",
		"སྒྲོལ་བར་དྲན་ཤེས་མང་དྲགས། JPEG ལ་ཉར་རོགས།",
	},
	"is no JPEG, or a damaged one": {
		"不是 JPEG，或已损坏。",
		"JPEG མིན་པའམ་ནོར་འདུག",
	},
	"is no name of a file": {
		"不是文件名。",
		"ཡིག་ཆའི་མིང་མིན།",
	},
	"is no panorama on the map": {
		"地图上没有此全景。",
		"ཁོར་ཡུག་པར་འདི་ས་ཁྲའི་ཐོག་མི་འདུག",
	},
	"is none of the files of parcels that Kora reads: 勘测定界 .txt, .xlsx, .csv, .geojson, .json of the land market, a Shapefile or FileGDB in a .zip, .gpkg, .kml, .kmz, .dxf": {
		"不是可读取的地块文件：应为勘测定界 .txt、.xlsx、.csv、.geojson、土地市场 .json、.zip 中的 Shapefile 或 FileGDB、.gpkg、.kml、.kmz、.dxf。",
		"ཀློག་ཐུབ་པའི་ས་ཆའི་ཡིག་ཆ་མིན། 勘测定界 .txt, .xlsx, .csv, .geojson, ས་ཆའི་ཁྲོམ་གྱི་ .json, .zip ནང་གི་ Shapefile ཡང་ན་ FileGDB, .gpkg, .kml, .kmz, .dxf དགོས།",
	},
	"is not an equirectangular panorama": {
		"不是等距柱状全景图。",
		"equirectangular ཁོར་ཡུག་པར་མིན།",
	},
	"is not twice as wide as high, as an equirectangular panorama is; export it from the camera's program as a full panorama (360° × 180°)": {
		"宽不是高的两倍，等距柱状全景图应如此；请用相机软件导出完整全景（360° × 180°）。",
		"ཞེང་མཐོ་ཚད་ཀྱི་ལྡབ་གཉིས་མིན། པར་ཆས་ཀྱི་མཉེན་ཆས་ནས་ཆ་ཚང་ (360° × 180°) ཕྱིར་འདྲེན་རོགས།",
	},
	"is of the datum %q, whose ellipsoid is not that of CGCS2000; reproject it to EPSG:4490 first": {
		"大地基准为 %q，其椭球与 CGCS2000 不同；请先转换为 EPSG:4490。",
		"datum %q ཡིན། CGCS2000 དང་མི་གཅིག སྔོན་ལ་ EPSG:4490 ལ་སྒྱུར་རོགས།",
	},
	"is of the datum %q: Xian 80 and Beijing 54 cannot be turned into CGCS2000 without local parameters; have the file converted to 2000国家大地坐标系 first": {
		"大地基准为 %q：西安80和北京54没有当地参数不能转换为 CGCS2000；请先请测绘单位将文件转换为2000国家大地坐标系。",
		"datum %q ཡིན། 西安80 དང་北京54 ས་གནས་ཀྱི་ཞུགས་གྲངས་མེད་ན་ CGCS2000 ལ་སྒྱུར་མི་ཐུབ། སྔོན་ལ་2000国家大地坐标系 ལ་སྒྱུར་རོགས།",
	},
	"is one of several texts in this outline; leave the number alone in it": {
		"是此界址内多处文字之一；请只保留编号。",
		"མཐའ་མཚམས་འདིའི་ནང་ཡི་གེ་མང་པོ་འདུག ཨང་ཁོ་ན་འཇོག་རོགས།",
	},
	"is over: it is %s": {
		"已结束：状态为 %s。",
		"མཇུག་བསྒྲིལ་ཟིན། གནས་ཚུལ་ %s ཡིན།",
	},
	"is the .shp of a Shapefile alone; pack it with its .shx, .dbf and .prj as ZIP": {
		"只是 Shapefile 的 .shp；请与 .shx、.dbf、.prj 一并压缩为 ZIP。",
		"Shapefile ཡི་ .shp ཁོ་ན་ཡིན། .shx, .dbf, .prj དང་མཉམ་དུ་ ZIP བཟོ་རོགས།",
	},
	"is the number of no parcel on the map": {
		"地图上没有此编号的地块。",
		"ཨང་འདིའི་ས་ཆ་ས་ཁྲའི་ཐོག་མི་འདུག",
	},
	"is the picture of panorama %d already": {
		"已是全景 %d 的图片。",
		"ཁོར་ཡུག་པར་ %d ཡི་པར་ཡིན་ཟིན།",
	},
	"its .cpg says %q": {
		"其 .cpg 写的是 %q",
		".cpg ནང་ %q བྲིས་འདུག",
	},
	"its .dbf ends after %d of %d records, in the middle of one of %d bytes (%d there)": {
		"其 .dbf 在第 %d 条记录（共 %d 条）之后中断，一条应有 %d 字节，只有 %d。",
		".dbf ནི་ཟིན་ཐོ་ %d (ཡོངས་ %d) རྗེས་ཆད་འདུག byte %d དགོས་སར་ %d འདུག",
	},
	"its .dbf is cut off or damaged": {
		"其 .dbf 不完整或已损坏。",
		".dbf ཆ་མི་ཚང་བའམ་ནོར་འདུག",
	},
	"its .shx is cut off or damaged": {
		"其 .shx 不完整或已损坏。",
		".shx ཆ་མི་ཚང་བའམ་ནོར་འདུག",
	},
	"its header says %s (language driver 0x%02X)": {
		"其文件头写的是 %s（language driver 0x%02X）",
		"ཡིག་ཆའི་མགོར་ %s (language driver 0x%02X) བྲིས་འདུག",
	},
	"lead to a panorama or to a parcel, one of the two": {
		"应指向全景或地块，二者取一。",
		"ཁོར་ཡུག་པར་རམ་ས་ཆ་གཅིག་ལ་སྟོན་དགོས།",
	},
	"lies %.0f m from where the record has this parcel, just as %s shifts it for map apps; give the coordinates as surveyed, in CGCS2000 or WGS 84": {
		"距库中此地块 %.0f 米，正是地图软件 %s 的偏移；请给出 CGCS2000 或 WGS 84 的实测坐标。",
		"ཟིན་ཐོའི་ས་ཆ་ལས་སྨི་ %.0f གཡོས་འདུག %s ཡི་གཡོ་ཚད་ཡིན། CGCS2000 ཡང་ན་ WGS 84 ཡི་ཚད་འཇལ་དངོས་འབྲི་རོགས།",
	},
	"lies on its side or upside down; turn it upright and save it": {
		"图片横放或倒置；请转正后保存。",
		"པར་ལོག་འདུག དྲང་པོར་བཟོས་ནས་ཉར་རོགས།",
	},
	"must be from -180 to 180 degrees": {
		"应在 -180 至 180 度之间。",
		"ཏུའུ་ -180 ནས་ 180 བར་དགོས།",
	},
	"must be from -90 to 90 degrees": {
		"应在 -90 至 90 度之间。",
		"ཏུའུ་ -90 ནས་ 90 བར་དགོས།",
	},
	"must be from 0 to less than 360 degrees": {
		"应不小于 0 且小于 360 度。",
		"ཏུའུ་ 0 ནས་ 360 མན་དགོས།",
	},
	"needs a Chinese caption": {
		"缺少中文说明。",
		"རྒྱ་ཡིག་གི་འགྲེལ་བརྗོད་དགོས།",
	},
	"needs a Chinese description for people who do not see the picture": {
		"缺少供看不到图片的人阅读的中文描述。",
		"པར་མི་མཐོང་མཁན་ལ་རྒྱ་ཡིག་གི་འགྲེལ་བརྗོད་དགོས།",
	},
	"needs a parcel number: a text that stands in the outline": {
		"缺少地块编号：应为界址内的文字。",
		"ས་ཆའི་ཨང་དགོས། མཐའ་མཚམས་ནང་གི་ཡི་གེ་ཡིན་དགོས།",
	},
	"needs the number of its parcel": {
		"缺少所属地块的编号。",
		"གཏོགས་ཡུལ་ས་ཆའི་ཨང་དགོས།",
	},
	"only the layer %q is read; there are %d others": {
		"只读取图层 %q；另有 %d 个。",
		"རིམ་པ་ %q ཁོ་ན་ཀློག གཞན་ %d འདུག",
	},
	"shows only a part of what is around; a full panorama (360° × 180°) is needed": {
		"只有部分视野；需要完整全景（360° × 180°）。",
		"ཆ་ཤས་ཙམ་ཡིན། ཆ་ཚང་ (360° × 180°) དགོས།",
	},
	"takes too long to read (%v); split it": {
		"读取时间过长（%v）；请拆分。",
		"ཀློག་ཡུན་རིང་དྲགས། (%v) དགར་རོགས།",
	},
	"takes too much memory to decode; save it as a baseline, not a progressive, JPEG": {
		"解码占用内存过大；请存为基线（非渐进）JPEG。",
		"དྲན་ཚད་མང་དྲགས། baseline JPEG ཐོག་ཉར་རོགས།",
	},
	"the archive has no layer %q; it has %s": {
		"压缩包没有图层 %q；现有 %s。",
		"ནང་དུ་རིམ་པ་ %q མི་འདུག %s ཡོད།",
	},
	"the archive holds %d %s: %s; name one of them (--layer), or pack it alone": {
		"压缩包中有 %d 个 %s：%s；请指定其一（--layer），或单独压缩。",
		"ནང་དུ་ %d %s འདུག %s གཅིག་གསལ་རོགས། (--layer)",
	},
	"the archive holds %d geodatabases: %s; pack each alone": {
		"压缩包中有 %d 个地理数据库：%s；请分别压缩。",
		"ནང་དུ་ geodatabase %d འདུག %s སོ་སོར་ ZIP བཟོ་རོགས།",
	},
	"the archive holds %q, %s": {
		"压缩包中的 %q：%s",
		"ནང་གི་ %q ། %s",
	},
	"the archive holds files of several formats; pack each into an archive of its own": {
		"压缩包中有多种格式的文件；请分别压缩。",
		"ནང་དུ་རྣམ་གཞག་མང་པོ་འདུག སོ་སོར་ ZIP བཟོ་རོགས།",
	},
	"the archive holds more than %d files": {
		"压缩包中的文件多于 %d 个。",
		"ནང་དུ་ཡིག་ཆ་ %d ལས་མང་འདུག",
	},
	"the archive holds no workbook (.xlsx), Shapefile (.shp), geodatabase (.gdb) or KML": {
		"压缩包中没有工作簿（.xlsx）、Shapefile（.shp）、地理数据库（.gdb）或 KML。",
		"ནང་དུ་ .xlsx, .shp, .gdb, KML གང་ཡང་མི་འདུག",
	},
	"the archive is cut off or damaged: it has no readable directory": {
		"压缩包不完整或已损坏：没有可读取的目录。",
		"ཆ་མི་ཚང་བའམ་ནོར་འདུག དཀར་ཆག་ཀློག་མི་ཐུབ།",
	},
	"the archive lacks %s%s, which belongs to the Shapefile": {
		"压缩包缺少 Shapefile 的 %s%s。",
		"Shapefile ཡི་ %s%s ཆད་འདུག",
	},
	"the archive unpacks to more than %d MB": {
		"压缩包解压后大于 %d MB。",
		"བཀྲོལ་རྗེས་ %d MB ལས་ཆེ་འདུག",
	},
	"the archive unpacks to more than %d times its size": {
		"压缩包解压后大于原来的 %d 倍。",
		"བཀྲོལ་རྗེས་ལྡབ་ %d ལས་ཆེ་འདུག",
	},
	"the datum %q is taken as agreeing with CGCS2000, which it does to a metre or two": {
		"大地基准 %q 按与 CGCS2000 一致处理，相差一两米。",
		"datum %q ནི་ CGCS2000 དང་གཅིག་པར་རྩིས། སྨི་གཅིག་གཉིས་ཀྱི་ཁྱད་པར།",
	},
	"the field %s names no unit and is left out; call it %s(㎡), %s(亩) or %s(公顷)": {
		"字段 %s 没有单位，已略去；请改名为 %s(㎡)、%s(亩) 或 %s(公顷)。",
		"field %s ལ་ཚད་གཞི་མི་འདུག བཞག་པ་ཡིན། %s(㎡), %s(亩) ཡང་ན་ %s(公顷) འབྲི་རོགས།",
	},
	"the layer has more than %d features; split it": {
		"图层的要素多于 %d 个；请拆分。",
		"རིམ་པར་ feature %d ལས་མང་འདུག དགར་རོགས།",
	},
	"the layer has more than %d fields": {
		"图层的字段多于 %d 个。",
		"རིམ་པར་ field %d ལས་མང་འདུག",
	},
	"the layer is empty": {
		"图层是空的。",
		"རིམ་པ་སྟོང་པ་ཡིན།",
	},
	"the layer is in %s, but this import was told of %s (--crs)": {
		"图层的坐标系是 %s，而本次导入指定的是 %s（--crs）。",
		"རིམ་པ་ནི་ %s ཡིན། ནང་འདྲེན་འདིར་ %s གསལ་འདུག (--crs)",
	},
	"the outline has more than %d corners": {
		"界址点多于 %d 个。",
		"མཚམས་ཚེག་ %d ལས་མང་འདུག",
	},
	"the reference system of %s is missing; when you know it, name it (--crs EPSG:4519); the zone is not guessed": {
		"%s没有坐标系；若确知，请指定（--crs EPSG:4519）；带号不作猜测。",
		"%sལ་གནས་ཚད་མ་ལག་མི་འདུག ཤེས་ན་ --crs EPSG:4519 གསལ་རོགས། རྒྱུད་ཨང་ཚོད་དཔག་མི་བྱེད།",
	},
	"the reference system of the layer: %v": {
		"图层的坐标系：%v",
		"རིམ་པའི་གནས་ཚད་མ་ལག %v",
	},
	"the texts of its .dbf are neither UTF-8 nor GB18030; save it with the encoding UTF-8": {
		"其 .dbf 的文字既不是 UTF-8，也不是 GB18030；请以 UTF-8 编码保存。",
		".dbf ཡི་ཡི་གེ་ UTF-8 དང་ GB18030 གང་ཡང་མིན། UTF-8 ཐོག་ཉར་རོགས།",
	},
	"would not write what its preview shows, because the record has changed since": {
		"结果将与预览不同，因为数据在此期间已有变化。",
		"སྔོན་ལྟ་དང་མི་མཐུན། བར་སྐབས་སུ་ཟིན་ཐོ་འགྱུར་འདུག",
	},
	"must be from %d to %d pixels wide": {
		"宽应在 %d 至 %d 像素之间。",
		"ཞེང་པིག་སེལ་ %d ནས་ %d བར་དགོས།",
	},
	"is larger than %d MB; save it with a lower quality": {
		"大于 %d MB；请降低质量后保存。",
		"%d MB ལས་ཆེ་འདུག སྤུས་ཚད་དམའ་རུ་བཏང་ནས་ཉར་རོགས།",
	},
}
