package api

import (
	"net/http"

	textlanguage "golang.org/x/text/language"

	"kora"
	"kora/words"
)

// A language is one that refusals are told in.
type language words.Language

const (
	english = language(words.English) // also when the caller names none that we speak
	chinese = language(words.Chinese)
	tibetan = language(words.Tibetan)
)

// languageOf is the language that the caller prefers by Accept-Language.
func languageOf(r *http.Request) language {
	matcher := textlanguage.NewMatcher([]textlanguage.Tag{
		textlanguage.English, textlanguage.SimplifiedChinese, textlanguage.MustParse("bo"),
	})
	wanted, _, err := textlanguage.ParseAcceptLanguage(clip(r.Header.Get("Accept-Language"), 200))
	if err != nil || len(wanted) == 0 {
		return english
	}
	_, i, _ := matcher.Match(wanted...)
	return language(i)
}

// title is the short name of a status.
func (l language) title(status int) string {
	if t, ok := titles()[status]; ok {
		return t[l]
	}
	return http.StatusText(status)
}

func titles() map[int][3]string {
	return map[int][3]string{
		400: {"Bad request", "请求有误", "རེ་འདུན་ནོར་འདུག"},
		401: {"Staff token needed", "需要工作人员令牌", "ལས་བྱེད་པའི་དཔང་རྟགས་དགོས།"},
		403: {"Not for you", "无权操作", "དབང་ཆ་མི་འདུག"},
		404: {"Not found", "未找到", "མ་རྙེད།"},
		405: {"Method not allowed", "不支持的方法", "ཐབས་ལམ་འདི་མི་ཆོག"},
		409: {"Conflict", "数据冲突", "གཞི་གྲངས་འགལ་བ།"},
		412: {"Changed meanwhile", "内容已被他人修改", "མི་གཞན་གྱིས་བཅོས་ཟིན།"},
		413: {"Too large", "内容过大", "ཆེ་དྲགས་པ།"},
		415: {"Unsupported format", "不支持的格式", "རྣམ་གཞག་འདི་མི་རྒྱབ་སྐྱོར།"},
		422: {"Invalid input", "输入有误", "ནང་འཇུག་ནོར་འདུག"},
		429: {"Too many requests", "请求过于频繁", "རེ་འདུན་མང་དྲགས།"},
		500: {"Internal error", "服务器内部错误", "ནང་ཁུལ་ནོར་འཁྲུལ།"},
		502: {"No answer from another server", "上游服务无响应", "ཞབས་ཞུ་ཆས་གཞན་ནས་ལན་མ་བྱུང་།"},
		503: {"Unavailable", "暂时不可用", "གནས་སྐབས་བེད་སྤྱོད་མི་ཐུབ།"},
	}
}

// text is the sentence for e, without what it comes from, which is for the log.
func (l language) text(e *kora.Error) string {
	told := *e
	told.Err = nil
	if told.Text == "" {
		told.Text = words.Language(l).Reason(e.Reason)
	}
	return words.Language(l).Error(&told)
}
