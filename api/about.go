package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"
)

func (s *service) aboutRoutes(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "about", Method: http.MethodGet, Path: "/v1/about", Tags: []string{"service"},
		Summary: "What is served: version, state, sources and their age",
	}, s.about)
}

type aboutOutput struct {
	Version        string        `json:"version"`
	Snapshot       string        `json:"snapshot" doc:"The state of the record that answers are made from."`
	AsOf           time.Time     `json:"as_of" doc:"When the last change to it was read."`
	HeardAt        time.Time     `json:"heard_at" doc:"When the record was last heard of: answers hold what had been written by then."`
	Stale          bool          `json:"stale" doc:"The record has not been heard of for too long; every answer then carries Kora-As-Of."`
	Sample         bool          `json:"sample" doc:"示例数据: some of what is shown is an illustration."`
	ApprovalNumber string        `json:"approval_number" doc:"审图号, to be shown on every map."`
	Network        *aboutNetwork `json:"network,omitempty" doc:"Absent before a street network has been imported."`
	Bounds         aboutBounds   `json:"bounds"`
	Languages      []string      `json:"languages" nullable:"false"`
}

type aboutNetwork struct {
	Name        string     `json:"name"`
	DataTime    *time.Time `json:"data_time,omitempty"`
	ImportedAt  time.Time  `json:"imported_at"`
	Attribution string     `json:"attribution"`
	Elevation   string     `json:"elevation"`
	Sample      bool       `json:"sample"`
	Bounds      [4]float64 `json:"bounds" doc:"west, south, east, north in degrees"`
}

type aboutBounds struct {
	Stations *[4]float64 `json:"stations,omitempty"`
	Parcels  *[4]float64 `json:"parcels,omitempty"`
}

func (s *service) about(ctx context.Context, _ *struct{}) (*body[aboutOutput], error) {
	a := atlasOf(ctx)
	out := aboutOutput{
		Version: s.Version, Snapshot: a.Position.Snapshot, AsOf: a.AsOf, Sample: a.Sample(),
		HeardAt: s.Keeper.Heard().UTC(), Stale: s.stale(),
		ApprovalNumber: s.ApprovalNumber, Languages: []string{"zh", "bo", "en"},
	}
	if n := a.Network; n != nil {
		out.Network = &aboutNetwork{Name: n.Name, ImportedAt: n.ImportedAt, Attribution: n.Attribution,
			Elevation: n.Elevation, Sample: n.Sample, Bounds: corners(n.Bounds)}
		if !n.DataTime.IsZero() {
			out.Network.DataTime = &n.DataTime
		}
	}
	if b, ok := a.StationBounds(); ok {
		c := corners(b)
		out.Bounds.Stations = &c
	}
	if b, ok := a.ParcelBounds(); ok {
		c := corners(b)
		out.Bounds.Parcels = &c
	}
	return &body[aboutOutput]{out}, nil
}

func corners(b orb.Bound) [4]float64 { return [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} }

func (s *service) healthRoutes(e *echo.Echo) {
	e.GET("/livez", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", s.readyz)
}

type readiness struct {
	Reads   string  `json:"reads"`
	Writes  string  `json:"writes"`
	LagS    float64 `json:"lag_seconds"`
	Network bool    `json:"network"`
}

// readyz is ready as long as reads are answered: the database may be away, and writes with it. It tells what the atlas knows
// from following the record, and asks nothing itself.
func (s *service) readyz(c echo.Context) error {
	r := readiness{Reads: "ok", Writes: "ok", LagS: time.Since(s.Keeper.Heard()).Seconds(), Network: s.Keeper.Atlas().Network != nil}
	if s.stale() {
		r.Reads, r.Writes = "stale", "down"
	}
	if !s.Keeper.Following() {
		r.Writes = "down"
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, r)
}
