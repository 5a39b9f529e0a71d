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
