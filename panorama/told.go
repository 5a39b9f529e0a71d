package panorama

import (
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/bep/imagemeta"

	"kora"
)

// told is what a file tells of itself besides its pixels, as far as it is of use. Where it was taken is not.
type told struct {
	takenOn    time.Time
	heading    *float64
	projection string
	turned     bool       // the pixels lie on a side or upside down
	full, cut  [2]float64 // width and height of the whole sphere, and of what the picture shows of it
}

const gpano = "http://ns.google.com/photos/1.0/panorama/" // https://developers.google.com/streetview/spherical-metadata

// readTold reads EXIF and XMP. What is damaged there tells nothing; the picture may be good all the same.
func readTold(file io.ReadSeeker) told {
	var t told
	days := map[string]time.Time{}
	_, err := imagemeta.Decode(imagemeta.Options{
		R: file, ImageFormat: imagemeta.JPEG, Sources: imagemeta.EXIF | imagemeta.XMP, LimitNumTags: 5000, LimitTagSize: 10_000,
		Warnf: func(string, ...any) {},
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool {
			return tag.Namespace == gpano || tag.Tag == "DateTimeOriginal" || tag.Tag == "Orientation"
		},
		HandleTag: func(tag imagemeta.TagInfo) error {
			text, _ := tag.Value.(string)
			number, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
			if err != nil {
				number = math.NaN()
			}
			switch tag.Tag {
			case "DateTimeOriginal", "FirstPhotoDate":
				days[tag.Tag] = day(text)
			case "Orientation":
				upright, is := tag.Value.(uint16)
				t.turned = is && upright > 1
			case "ProjectionType":
				t.projection = strings.TrimSpace(text)
			case "PoseHeadingDegrees":
				turn := math.Mod(number, 360)
				if turn < 0 {
					turn += 360
				}
				if turn >= 0 && turn < 360 { // and no NaN
					t.heading = &turn
				}
			case "FullPanoWidthPixels":
				t.full[0] = number
			case "FullPanoHeightPixels":
				t.full[1] = number
			case "CroppedAreaImageWidthPixels":
				t.cut[0] = number
			case "CroppedAreaImageHeightPixels":
				t.cut[1] = number
			}
			return nil
		},
	})
	if err != nil {
		return told{}
	}
	if t.takenOn = days["DateTimeOriginal"]; t.takenOn.IsZero() {
		t.takenOn = days["FirstPhotoDate"]
	}
	return t
}

// day reads the day from 2026:07:01 12:00:00 (EXIF) or 2026-07-01T12:00:00Z (XMP), as the camera's clock had it.
func day(s string) time.Time {
	if len(s) < len(time.DateOnly) {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, strings.ReplaceAll(s[:len(time.DateOnly)], ":", "-"))
	if err != nil || t.Year() < 1990 || t.Year() > 2199 { // a clock that was never set
		return time.Time{}
	}
	return t
}

func (t told) check() error {
	switch {
	case t.projection != "" && !strings.EqualFold(t.projection, "equirectangular"):
		return kora.Refuse(kora.ReasonFormat, "image", t.projection, "is not an equirectangular panorama")
	case t.cut[0] < t.full[0] || t.cut[1] < t.full[1]:
		return kora.Refuse(kora.ReasonRange, "image", nil, "shows only a part of what is around; a full panorama (360° × 180°) is needed")
	case t.turned:
		return kora.Refuse(kora.ReasonFormat, "image", nil, "lies on its side or upside down; turn it upright and save it")
	}
	return nil
}
