package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"

	"kora"
	"kora/panorama"
	"kora/sample"
	"kora/store"
)

// A samplePanorama is one in the sample's file.
type samplePanorama struct {
	Image      string    `json:"image"`
	Parcel     string    `json:"parcel"`
	Caption    kora.Name `json:"caption"`
	Alt        kora.Name `json:"alt"`
	TakenOn    string    `json:"taken_on"`
	HeadingDeg *float64  `json:"heading_deg"`
	HotSpots   []struct {
		kora.HotSpot
		To string `json:"to"` // the image of the panorama that it leads to
	} `json:"hot_spots"`
}

// takePanoramas loads the sample's panoramas, or goes on with it where it was cut off: first all of them, then what leads
// from one to another.
func takePanoramas(ctx context.Context, s *store.Store, author kora.Author) error {
	b, err := fs.ReadFile(sample.Files(), sample.Panoramas)
	if err != nil {
		return err
	}
	var all []samplePanorama
	if err := json.Unmarshal(b, &all); err != nil {
		return fmt.Errorf("%s: %w", sample.Panoramas, err)
	}
	room, made := panorama.NewDarkroom(), map[string]*kora.Panorama{}
	for _, one := range all {
		p, err := takePanorama(ctx, s, author, room, one)
		if err != nil {
			return fmt.Errorf("%s: %w", one.Image, err)
		}
		made[one.Image] = p
	}
	for _, one := range all {
		p := made[one.Image]
		p.HotSpots = nil
		for _, h := range one.HotSpots {
			if h.To != "" {
				h.Panorama = made[h.To].ID
			}
			p.HotSpots = append(p.HotSpots, h.HotSpot)
		}
		if err := p.Validate(); err != nil {
			return fmt.Errorf("%s: %w", one.Image, err)
		}
		if _, err := s.UpdatePanorama(ctx, author, p, nil); err != nil {
			return fmt.Errorf("%s: %w", one.Image, err)
		}
	}
	return nil
}

func takePanorama(ctx context.Context, s *store.Store, author kora.Author, room *panorama.Darkroom, one samplePanorama) (*kora.Panorama, error) {
	file, err := fs.ReadFile(sample.Files(), one.Image)
	if err != nil {
		return nil, err
	}
	picture, err := room.Develop(ctx, bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	if p, err := s.FindPanorama(ctx, one.Parcel, picture.SHA256); p != nil || err != nil {
		return p, err
	}
	p := &kora.Panorama{Parcel: one.Parcel, Picture: picture.SHA256, Caption: one.Caption, Alt: one.Alt, HeadingDeg: one.HeadingDeg, Sample: true}
	if p.TakenOn, err = kora.ParseDay("taken_on", one.TakenOn); err != nil {
		return nil, err
	}
	_, err = s.CreatePanorama(ctx, author, p, picture.Images)
	return p, err
}
