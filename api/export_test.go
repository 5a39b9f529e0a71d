package api

import "github.com/labstack/echo/v4"

// Echo is what New answers by, to look at its routes and to add some.
func Echo(cfg Config) *echo.Echo { return routes(cfg) }
