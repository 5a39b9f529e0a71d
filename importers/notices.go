package importers

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"kora"
)

const maxBodyRunes = 50_000 // of a notice, in one language

// Notices reads notices, guides and policies from a JSON array of objects with code, kind (notice, guide or policy),
// title and body (a string, an object by language, or title_zh, title_bo, title_en), published_on ("2026-07-01"),
// closes_at (a day, which it lasts out in China's time, or RFC 3339), parcels (numbers) and sample.
func Notices(name string, r io.Reader) (Batch[kora.Notice], error) {
	c := newCollector[kora.Notice](name, "item")
	return c.result(readElements(name, r, func(number int, raw json.RawMessage) error {
		n, refusals := notice(raw)
		faults := make([]kora.Fault, len(refusals))
		for i, e := range refusals {
			faults[i] = c.fault(number, e.Field, e)
		}
		return c.add(number, "code", n.Code, n, faults)
	}))
}

// readElements calls visit for each element of the array that the file is.
func readElements(name string, r io.Reader, visit func(number int, raw json.RawMessage) error) error {
	j, err := newJSONReader(name, r, maxFileBytes)
	if err != nil {
		return err
	}
	t, err := j.token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return j.refuse(kora.ReasonFormat, "is not a JSON array")
	}
	for n := 1; j.more(); n++ {
		j.number = n
		raw, err := j.raw()
		if err != nil {
			return err
		}
		if err := visit(n, raw); err != nil {
			return err
		}
	}
	if _, err := j.token(); err != nil {
		return err
	}
	j.number = 0
	return j.end()
}

func notice(raw json.RawMessage) (n kora.Notice, refusals []*kora.Error) {
	var p struct {
		Code        string       `json:"code"`
		Kind        string       `json:"kind"`
		Title       textProperty `json:"title"`
		TitleZH     string       `json:"title_zh"`
		TitleBO     string       `json:"title_bo"`
		TitleEN     string       `json:"title_en"`
		Body        textProperty `json:"body"`
		BodyZH      string       `json:"body_zh"`
		BodyBO      string       `json:"body_bo"`
		BodyEN      string       `json:"body_en"`
		PublishedOn string       `json:"published_on"`
		ClosesAt    string       `json:"closes_at"`
		Parcels     []string     `json:"parcels"`
		Sample      bool         `json:"sample"`
	}
	refuse := func(err *kora.Error) {
		if err != nil {
			refusals = append(refusals, err)
		}
	}
	refuse(decodeObject(raw, &p))
	refuse(p.Title.check("title"))
	refuse(p.Body.check("body"))
	n = kora.Notice{
		Code:    fold(p.Code),
		Kind:    kora.NoticeKind(p.Kind),
		Title:   p.Title.or(p.TitleZH, p.TitleBO, p.TitleEN),
		Parcels: p.Parcels,
		Sample:  p.Sample,
	}
	var err *kora.Error
	n.Body, err = body(p.Body.Name, kora.Name{ZH: p.BodyZH, BO: p.BodyBO, EN: p.BodyEN})
	refuse(err)
	n.PublishedOn, err = asked(kora.ParseDay("published_on", p.PublishedOn))
	refuse(err)
	n.ClosesAt, err = asked(kora.ParseEnd("closes_at", p.ClosesAt))
	refuse(err)
	if !n.ClosesAt.IsZero() && n.ClosesAt.Before(n.PublishedOn) {
		refuse(kora.Refuse(kora.ReasonRange, "closes_at", p.ClosesAt, "is before published_on"))
	}
	for i, number := range n.Parcels {
		if n.Parcels[i] = fold(number); n.Parcels[i] == "" {
			refuse(kora.Refuse(kora.ReasonRequired, "parcels", nil, "holds an empty parcel number"))
		}
	}
	return n, refusals
}

// asked gives a refusal of the domain as what it is.
func asked(t time.Time, err error) (time.Time, *kora.Error) {
	refusal, _ := errors.AsType[*kora.Error](err)
	return t, refusal
}

// body keeps the line breaks of a text, unlike a name.
func body(object, single kora.Name) (kora.Name, *kora.Error) {
	pick := func(a, b string) string {
		if a = strings.TrimSpace(a); a != "" {
			return a
		}
		return strings.TrimSpace(b)
	}
	n := kora.Name{ZH: pick(object.ZH, single.ZH), BO: pick(object.BO, single.BO), EN: pick(object.EN, single.EN)}
	for _, s := range []string{n.ZH, n.BO, n.EN} {
		if len([]rune(s)) > maxBodyRunes {
			return n, kora.Refuse(kora.ReasonTooLong, "body", nil, "is longer than %d characters", maxBodyRunes)
		}
	}
	return n, nil
}
