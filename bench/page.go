package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"

	"kora/api"
	"kora/bench/land"
	"kora/tiles/style"
	"kora/tiles/whole"
)

// page is how soon a changed filter is to be seen in a browser: it serves the built page with generated parcels, and lets
// web/tests/bench/land.mjs change filters in Chromium.
func (b *bench) page(ctx context.Context, parcels int) (err error) {
	const built, design = "web/dist", "web/src/ui"
	if _, err := os.Stat(built + "/index.html"); err != nil {
		return fmt.Errorf("the page is not built; run make build: %w", err)
	}
	styles, err := style.New(os.DirFS(design), os.DirFS(built))
	if err != nil {
		return err
	}
	keeper, stop, err := newRecord(land.Parcels(parcels)).follow(ctx)
	if err != nil {
		return err
	}
	defer stop()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := api.Server(api.New(api.Config{Keeper: keeper, Record: newRecord(nil), StaffToken: "bench", Version: "bench",
		Log: slog.New(slog.DiscardHandler), Now: time.Now, Web: os.DirFS(built), Styles: styles}))
	served := make(chan error, 1)
	go func() { served <- server.Serve(whole.Listener(listener)) }() // ends with Close below
	defer func() {
		err = errors.Join(err, server.Close())
		if failed := <-served; !errors.Is(failed, http.ErrServerClosed) {
			err = errors.Join(err, failed)
		}
	}()
	say("filters of %d parcels in Chromium", parcels)
	script := exec.CommandContext(ctx, "node", "web/tests/bench/land.mjs", "http://"+listener.Addr().String())
	script.Stdout, script.Stderr = os.Stdout, os.Stderr
	return script.Run()
}
