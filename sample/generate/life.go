package main

import (
	"fmt"
	"time"
)

type step struct {
	Status   string `json:"status"`
	On       string `json:"on"`
	Document string `json:"document,omitempty"`
}

type period struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// cycle is the usual course of a parcel, and how many days a state lasts.
var cycle = []struct {
	status string
	days   int
}{
	{"reserve", 200}, {"preparing", 120}, {"ready", 60}, {"promoted", 45}, {"pre_announced", 20}, {"announced", 20}, {"registration", 10},
	{"bidding", 14}, {"result_notice", 10}, {"signed", 30}, {"delivered", 60}, {"supplied", 0},
}

// ends are the states that leave the usual course, and after which state of it.
var ends = map[string]string{"unsold": "bidding", "suspended": "announced", "terminated": "announced", "withdrawn": "promoted"}

// live dates the way of a parcel to its state, and what is open when; all of it is invented. The newest states are of June 2026.
func (p *parcelProperties) live(number string, nth int) {
	rng := random(number + " life")
	last := p.Status
	if before, ends := ends[p.Status]; ends {
		last = before
	}
	day := time.Date(2026, 6, 1+rng.IntN(28), 0, 0, 0, 0, time.UTC)
	at := map[string]time.Time{p.Status: day}
	reached := false
	for i := len(cycle) - 1; i >= 0; i-- {
		c := cycle[i]
		if c.status == last {
			reached = true
			if last != p.Status {
				day = day.AddDate(0, 0, -c.days/2)
			}
		} else if reached {
			day = day.AddDate(0, 0, -c.days-rng.IntN(5))
		}
		if reached {
			at[c.status] = day
		}
	}
	for _, c := range cycle {
		if on, is := at[c.status]; is {
			p.Steps = append(p.Steps, step{Status: c.status, On: on.Format(time.DateOnly)})
		}
	}
	if last != p.Status {
		p.Steps = append(p.Steps, step{Status: p.Status, On: at[p.Status].Format(time.DateOnly)})
	}
	open := func(from time.Time, days int) *period {
		return &period{from.Format(time.DateOnly) + "T09:00:00+08:00", from.AddDate(0, 0, days).Format(time.DateOnly) + "T17:00:00+08:00"}
	}
	if on, is := at["announced"]; is {
		p.NoticeOn = on.Format(time.DateOnly)
		p.Registration = open(on.AddDate(0, 0, 20), 10)
		p.Listing = open(on.AddDate(0, 0, 30), 14)
	}
	if on, is := at["result_notice"]; is {
		p.Publicity = open(on, 10)
	}
	p.Cadastre = fmt.Sprintf("%s001001GB%05d", p.County, 90000+nth)
}

// terms adds what goes with a price: a deposit of a fifth of it, steps of bidding, and for industry the least investment.
func (p *parcelProperties) terms(l lot, number string) {
	rng := random(number + " terms")
	if p.Price != nil {
		inAll := p.Price.Amount
		switch p.Price.Unit {
		case "元/㎡":
			inAll *= p.StatedM2 / 10000
		case "元/㎡楼面":
			inAll *= *p.FAR.Max * p.StatedM2 / 10000
		case "万元/亩":
			inAll *= l.mu
		}
		p.Deposit = &price{roundTo(inAll/5, 0.1) + 10, "万元"}
		p.Increment = &price{max(1, roundTo(p.Price.Amount/100, 1)), p.Price.Unit}
	}
	choose := func(words ...string) { p.Industry = words[:1+rng.IntN(len(words))] }
	switch l.use[:2] {
	case "10":
		if p.Intensity = (&price{float64(150 + 10*rng.IntN(12)), "万元/亩"}); rng.IntN(3) == 0 {
			p.Intensity = &price{p.Intensity.Amount * 15, "万元/公顷"}
		}
		choose("高原特色农牧", "清洁能源", "生物科技")
	case "11":
		choose("现代物流")
	case "09":
		choose("生态旅游", "现代服务")
	case "08":
		choose("生物科技", "现代服务")
	}
}
