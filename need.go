package kora

// A Need is something that is asked of a parcel: a range of numbers, or some of a list of values. A hard one must be met; a
// soft one counts by its weight.
type Need struct {
	Term   string   `json:"term"`             // what is asked for: one of match.Terms
	Hard   bool     `json:"hard,omitempty"`   //
	Weight int      `json:"weight,omitempty"` // of a soft one; 0 means 1
	Min    *float64 `json:"min,omitempty"`    // nil: no bound
	Max    *float64 `json:"max,omitempty"`
	Values []string `json:"values,omitempty"`
}

// A Finding tells how a parcel meets one need, in numbers.
type Finding struct {
	Term    string   `json:"term"`
	Hard    bool     `json:"hard,omitempty"`
	Weight  int      `json:"weight,omitempty"`
	Met     bool     `json:"met"`               // wholly
	Fit     float64  `json:"fit"`               // 0 to 1, and 1 when met
	Low     *float64 `json:"low,omitempty"`     // what the parcel has, or the range that its plan allows; nil: no bound
	High    *float64 `json:"high,omitempty"`    //
	Unit    string   `json:"unit,omitempty"`    // of these and of Off
	Off     float64  `json:"off,omitempty"`     // by how much it lies above what was asked; negative: below
	Missing []string `json:"missing,omitempty"` // values asked for that it lacks
	Unknown bool     `json:"unknown,omitempty"` // the record does not tell
}

// A Suggestion is a parcel with the reasons for it: one finding for each need, in their order.
type Suggestion struct {
	Number   string    `json:"number"`
	Score    float64   `json:"score"` // 0 to 1: the weighted mean of the fits to the soft needs
	Findings []Finding `json:"findings"`
}
