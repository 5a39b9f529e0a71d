package words

import "kora"

// reasons are the general sentences, in the order of the languages.
var reasons = map[kora.Reason][3]string{
	kora.ReasonRequired:        {"a value is missing", "缺少此项，请补充。", "འདི་ཆད་འདུག ཁ་སྐོང་རོགས།"},
	kora.ReasonSyntax:          {"cannot be read", "格式有误，无法识别。", "རྣམ་གཞག་ནོར་ནས་ངོས་འཛིན་མི་ཐུབ།"},
	kora.ReasonUnknown:         {"is not one of the known values", "不在可选范围之内。", "གདམ་རུང་བའི་ཁྲོད་མི་འདུག"},
	kora.ReasonCoordinate:      {"longitude must be from -180 to 180, latitude from -90 to 90", "坐标无效：经度应在 -180 至 180 之间，纬度应在 -90 至 90 之间。", "གནས་ཚད་ནོར་འདུག གཞུང་ཐིག་ -180 ནས་ 180 བར་དང་འཕྲེད་ཐིག་ -90 ནས་ 90 བར་དགོས།"},
	kora.ReasonRange:           {"is out of range", "超出允许范围。", "ཆོག་པའི་ཁྱབ་ཁོངས་ལས་བརྒལ་འདུག"},
	kora.ReasonTooLong:         {"is too long", "内容过长。", "རིང་དྲགས་འདུག"},
	kora.ReasonGeometry:        {"the geometry is not valid", "图形无效，请检查边界。", "དབྱིབས་ནོར་འདུག མཐའ་མཚམས་ལ་ཞིབ་བཤེར་གནང་རོགས།"},
	kora.ReasonDuplicate:       {"is in use already", "已被占用，请换一个。", "བེད་སྤྱོད་བྱས་ཟིན། གཞན་ཞིག་བརྗེ་རོགས།"},
	kora.ReasonNotFound:        {"there is no such thing here", "没有找到对应的内容。", "འདི་མ་རྙེད།"},
	kora.ReasonUnauthorized:    {"this needs the staff token as a bearer token", "此操作需要工作人员令牌。", "བྱ་སྤྱོད་འདིར་ལས་བྱེད་པའི་དཔང་རྟགས་དགོས།"},
	kora.ReasonNotPublic:       {"must not be shown on a public map", "此类用地不得在公开地图上显示。", "ས་ཆ་འདི་སྤྱི་སྤྱོད་ས་ཁྲའི་ཐོག་མངོན་མི་ཆོག"},
	kora.ReasonCRS:             {"the coordinate reference system is missing or not supported", "坐标系缺失或不受支持。", "གནས་ཚད་མ་ལག་ཆད་པའམ་རྒྱབ་སྐྱོར་མེད།"},
	kora.ReasonEncoding:        {"the text encoding is not known; save it as UTF-8", "文字编码无法识别，请另存为 UTF-8。", "ཡིག་རྟགས་ངོས་མ་ཟིན། UTF-8 ཐོག་ཉར་རོགས།"},
	kora.ReasonHeading:         {"columns are missing", "表头缺少必要的列。", "རེའུ་མིག་གི་མགོ་ལ་དགོས་ངེས་ཆད་འདུག"},
	kora.ReasonFormat:          {"the file is not of this format", "文件格式不符。", "ཡིག་ཆའི་རྣམ་གཞག་མི་མཐུན།"},
	kora.ReasonTruncated:       {"the file ends too early", "文件不完整。", "ཡིག་ཆ་ཆ་མི་ཚང་།"},
	kora.ReasonTooLarge:        {"is too large", "内容过大。", "ཆེ་དྲགས་འདུག"},
	kora.ReasonUnavailable:     {"try again in a moment", "服务暂时不可用，请稍后重试。", "ཞབས་ཞུ་གནས་སྐབས་མེད། ཅུང་ཙམ་རྗེས་ཡང་བསྐྱར་གནང་རོགས།"},
	kora.ReasonUpstream:        {"another server gave no answer; try again in a moment", "上游服务暂无响应，请稍后重试。", "ཞབས་ཞུ་ཆས་གཞན་ནས་ལན་མ་བྱུང་། ཅུང་ཙམ་རྗེས་ཡང་བསྐྱར་གནང་རོགས།"},
	kora.ReasonNoNetwork:       {"no street network has been imported yet", "尚未导入路网，暂不能计算时间。", "ལམ་དྲ་ད་དུང་ནང་འདྲེན་བྱས་མེད།"},
	kora.ReasonNoAccess:        {"no street within reach of this place", "此处附近没有可通行的道路，请换一个地点。", "གནས་འདིའི་ཉེ་འགྲམ་དུ་འགྲོ་ལམ་མི་འདུག གནས་གཞན་ཞིག་འདེམས་རོགས།"},
	kora.ReasonMethod:          {"this method is not allowed here", "此处不支持该方法。", "འདིར་ཐབས་ལམ་འདི་མི་ཆོག"},
	kora.ReasonInternal:        {"something went wrong on our side; it has been logged", "服务器出错，已记录，请稍后重试。", "ང་ཚོའི་ཕྱོགས་ནས་ནོར་སོང་། ཅུང་ཙམ་རྗེས་ཡང་བསྐྱར་གནང་རོགས།"},
	kora.ReasonTileOutOfRange:  {"there is no such tile", "瓦片编号超出范围。", "ས་ཁྲའི་དུམ་བུ་འདི་མེད།"},
	kora.ReasonConflict:        {"does not go with the present state", "与当前状态不符。", "ད་ལྟའི་གནས་སྟངས་དང་མི་མཐུན།"},
	kora.ReasonChanged:         {"somebody else has changed this meanwhile", "内容已被他人修改，请刷新后重试。", "བར་སྐབས་སུ་མི་གཞན་གྱིས་བཅོས་ཟིན། གསར་བརྗེས་ནས་ཡང་བསྐྱར་གནང་རོགས།"},
	kora.ReasonTwoPeople:       {"must be done by somebody else", "须由另一名工作人员办理。", "ལས་བྱེད་པ་གཞན་ཞིག་གིས་སྒྲུབ་དགོས།"},
	kora.ReasonTooMany:         {"too many requests; try again later", "请求过于频繁，请稍后重试。", "རེ་འདུན་མང་དྲགས་འདུག ཅུང་ཙམ་རྗེས་ཡང་བསྐྱར་གནང་རོགས།"},
	kora.ReasonUnsupportedType: {"this media type is not supported", "不支持的内容类型。", "ནང་དོན་རིགས་འདི་རྒྱབ་སྐྱོར་མེད།"},
}
