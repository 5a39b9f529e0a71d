package api

import "github.com/labstack/echo/v4"

// Routes lists what New answers.
func Routes(cfg Config) []*echo.Route { return routes(cfg).Routes() }
