package style

// A Language is one that labels come in.
type Language string

const (
	Chinese Language = "zh"
	Tibetan Language = "bo"
	English Language = "en"
)

// Languages lists every Language.
func Languages() []Language { return []Language{Chinese, Tibetan, English} }

// font is our Tibetan first, then the faces of the devices: Han and Latin letters come from there.
func font() []string {
	return []string{"Kora", "Segoe UI", "PingFang SC", "HarmonyOS Sans SC", "MiSans", "Noto Sans CJK SC", "Roboto"}
}

// name is the first of a feature's names in the order in which readers of the language want them.
func (l Language) name() expr {
	order := map[Language][]string{
		Chinese: {"name_zh", "name", "name_en", "name_bo"},
		Tibetan: {"name_bo", "name_zh", "name", "name_en"},
		English: {"name_en", "name", "name_zh", "name_bo"},
	}
	e := expr{"coalesce"}
	for _, field := range order[l] {
		e = append(e, get(field))
	}
	return append(e, "")
}

// names is a name, and for readers of Tibetan and English the Chinese one below it, smaller, as the signs in the street
// have it.
func (l Language) names() expr {
	first, chinese := l.name(), expr{"coalesce", get("name_zh"), ""}
	if l == Chinese {
		return first
	}
	return expr{"case", expr{"==", first, chinese}, first,
		expr{"format", first, props{}, "\n", props{}, chinese, props{"font-scale": 0.8}}}
}

// lines is the height of a label's lines and its width. Tibetan stacks are tall; and because MapLibre may break a line
// before a tsheg, which belongs to the syllable before it, Tibetan names are hardly ever broken.
func (l Language) lines() props {
	if l == Tibetan {
		return props{"text-line-height": 1.5, "text-max-width": 30}
	}
	return props{"text-line-height": 1.25, "text-max-width": 8}
}
