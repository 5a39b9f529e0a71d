package kora

// A FormerCounty is a code of GB/T 2260 that another one has replaced. Old codes are all over existing files.
type FormerCounty struct {
	Code, Now string
	Since     string // the year from which Now holds
	Why       string
}

// FormerCounties lists the codes of Lhasa and Nyingchi that have been replaced since 2015, oldest change first.
func FormerCounties() []FormerCounty {
	const city, district, mainling = "林芝地区 542600 became 林芝市 540400", "a county became a district", "米林县 became 米林市"
	return []FormerCounty{
		{"542621", "540402", "2015", city}, {"542622", "540421", "2015", city}, {"542623", "540481", "2015", city + ", then " + mainling},
		{"542624", "540423", "2015", city}, {"542625", "540424", "2015", city}, {"542626", "540425", "2015", city}, {"542627", "540426", "2015", city},
		{"540125", "540103", "2015", "堆龙德庆: " + district}, {"540126", "540104", "2017", "达孜: " + district},
		{"540422", "540481", "2023", mainling},
	}
}

// CountyNow is today's code of a county that is given by a code of any year.
func CountyNow(code string) string {
	for _, f := range FormerCounties() {
		if f.Code == code {
			return f.Now
		}
	}
	return code
}

// Counties are the names of the counties of Lhasa and Nyingchi, by their codes of GB/T 2260 since 2023.
func Counties() map[string]string {
	return map[string]string{
		"540102": "城关区", "540103": "堆龙德庆区", "540104": "达孜区", "540121": "林周县", "540122": "当雄县", "540123": "尼木县",
		"540124": "曲水县", "540127": "墨竹工卡县",
		"540402": "巴宜区", "540421": "工布江达县", "540423": "墨脱县", "540424": "波密县", "540425": "察隅县", "540426": "朗县", "540481": "米林市",
	}
}

// CountyName is what the county with a code is called; the code where Counties has none.
func CountyName(code string) string {
	if name, ok := Counties()[code]; ok {
		return name
	}
	return code
}
