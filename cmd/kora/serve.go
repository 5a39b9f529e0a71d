package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"kora/api"
	"kora/atlas"
	"kora/intake"
	"kora/planner"
	"kora/tiles/raster"
	"kora/tiles/style"
	"kora/tiles/whole"
	"kora/web"
)

func serveCommand(o *options) *cobra.Command {
	var s server
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the map and its API",
		Long: `Serve the map and its API until interrupted.

The first start makes a staff token for writing over HTTP and keeps it in the data folder, readable by its owner only.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s.options = o
			return s.run(cmd.Context())
		},
	}
	listen := os.Getenv("KORA_LISTEN")
	if listen == "" {
		listen = "127.0.0.1:8080"
	}
	cmd.Flags().StringVar(&s.listen, "listen", listen, "address to serve on (KORA_LISTEN)")
	cmd.Flags().StringVar(&s.approvalNumber, "approval-number", os.Getenv("KORA_APPROVAL_NUMBER"),
		"map approval number 审图号, shown on every map (KORA_APPROVAL_NUMBER)")
	flags := cmd.Flags()
	flags.StringVar(&s.raster.URL, "raster-url", "", // no default: it may hold a key, and help would print it
		"pictures to lay under the map, XYZ or WMTS: https://host/{z}/{x}/{y}.png, with {key} where the key goes (KORA_RASTER_URL)")
	flags.StringVar(&s.rasterKeyFile, "raster-key-file", os.Getenv("KORA_RASTER_KEY_FILE"),
		"file with the key to them (KORA_RASTER_KEY_FILE); or give the key itself in KORA_RASTER_KEY")
	flags.StringVar(&s.raster.Attribution, "raster-attribution", os.Getenv("KORA_RASTER_ATTRIBUTION"),
		"whose pictures they are, shown on the map (KORA_RASTER_ATTRIBUTION)")
	flags.IntVar(&s.raster.MaxZoom, "raster-maxzoom", 18, "the deepest zoom that there are pictures of")
	flags.BoolVar(&s.noSample, "no-sample", false, "leave an empty record empty")
	flags.StringSliceVar(&s.proxies, "trusted-proxy", proxiesOf(os.Getenv("KORA_TRUSTED_PROXIES")),
		"address or network of a proxy on another machine whose X-Forwarded-For is believed; may be repeated (KORA_TRUSTED_PROXIES)")
	keysetFlag(cmd, &s.keyset)
	return cmd
}

type server struct {
	*options
	listen         string
	approvalNumber string
	noSample       bool
	raster         raster.Config // off without a URL
	rasterKeyFile  string
	keyset         string   // file
	proxies        []string // addresses or networks
}

const (
	logAge     = 24 * time.Hour // how far back the change log reaches
	pruneEvery = time.Hour
	drainTime  = 10 * time.Second // for requests under way when told to stop
)

func (s *server) run(ctx context.Context) error {
	pictures, err := s.pictures()
	if err != nil {
		return err
	}
	proxies, err := networks(s.proxies)
	if err != nil {
		return err
	}
	styles, err := style.New(web.Design(), web.Dist())
	if err != nil {
		return err
	}
	// The port first: when it is taken, nothing else need start.
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return fmt.Errorf("cannot serve on %s: %w; choose another address with --listen", s.listen, err)
	}
	defer listener.Close()

	rec, err := s.openRecord(ctx, false)
	if err != nil {
		return interrupted(ctx, err)
	}
	defer rec.close(s.options)
	if !s.noSample {
		if err := loadSample(ctx, s.options, rec.Store); err != nil {
			return interrupted(ctx, fmt.Errorf("load the sample: %w", err))
		}
	}
	token, tokenFile, err := staffToken(s.dir)
	if err != nil {
		return err
	}

	cfg := api.Config{Record: rec.Store, StaffToken: token, Web: web.Dist(), Log: s.log, Version: versionText(),
		ApprovalNumber: s.approvalNumber, Now: time.Now, Styles: styles, Raster: pictures, Proxies: proxies, Scenarios: rec.Store}
	if keys := s.openVault(ctx, rec.Store); keys != nil {
		cfg.Intents, cfg.Vault = rec.Store, keys
	}

	files, err := intake.Open(ctx, rec.Store, s.log)
	if err != nil {
		return interrupted(ctx, err)
	}
	defer files.Close()
	cfg.Imports = files

	s.say.step("building the atlas")
	keeper, err := atlas.Open(ctx, rec.Store, s.log)
	if err != nil {
		return interrupted(ctx, err)
	}
	s.say.end("")

	plans, err := planner.Open(ctx, rec.Store, keeper, s.log)
	if err != nil {
		return interrupted(ctx, err)
	}
	defer plans.Close()
	cfg.Sitings = plans

	background, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	running.Go(func() { keeper.Run(background) })
	running.Go(func() { s.prune(background, rec) })

	cfg.Keeper = keeper
	return s.serve(ctx, listener, rec, api.New(cfg), tokenFile)
}

// serve answers requests until ctx ends or the private database is given up, then lets those under way finish.
func (s *server) serve(ctx context.Context, listener net.Listener, rec *record, handler http.Handler, tokenFile string) error {
	srv := api.Server(handler)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(whole.Listener(listener)) }() // ends with Shutdown below

	s.say.line("staff token for writing: %s", tokenFile)
	if _, err := fs.Stat(web.Dist(), "index.html"); err != nil {
		s.say.line("this build has no web map; make build makes one")
	}
	s.say.line("ready at http://%s", listener.Addr())

	var reason error
	select {
	case <-ctx.Done():
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-rec.ended():
		reason = errors.New("the private database keeps ending; its log is in the data folder")
	}
	s.say.step("finishing requests under way")
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := srv.Shutdown(draining); err != nil {
		_ = srv.Close() // they had their time
	}
	<-failed
	s.say.end("")
	return reason
}

// pictures is the background from another server, nil when none was asked for.
func (s *server) pictures() (*raster.Proxy, error) {
	cfg := s.raster
	if cfg.URL == "" {
		cfg.URL = os.Getenv("KORA_RASTER_URL")
	}
	if cfg.URL == "" {
		return nil, nil
	}
	cfg.UserAgent = "Kora/" + versionText()
	cfg.Key = os.Getenv("KORA_RASTER_KEY")
	if s.rasterKeyFile != "" {
		b, err := os.ReadFile(s.rasterKeyFile)
		if err != nil {
			return nil, fmt.Errorf("read the key of the raster background: %w", err)
		}
		cfg.Key = strings.TrimSpace(string(b))
	}
	return raster.New(cfg)
}

// prune forgets old changes now and then, and who submitted intents that are long done with.
func (s *server) prune(ctx context.Context, rec *record) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pruneEvery):
		}
		if err := rec.Prune(ctx, logAge); err != nil && ctx.Err() == nil {
			s.log.Warn("the change log was not pruned", "error", err)
		}
		if err := forgetContacts(ctx, rec.Store); err != nil && ctx.Err() == nil {
			s.log.Warn("old contacts were not deleted", "error", err)
		}
	}
}

// staffToken reads the token of the data folder, or makes one that only the folder's owner can read.
func staffToken(dir string) (token, file string, err error) {
	file = filepath.Join(dir, "staff-token")
	b, err := os.ReadFile(file)
	if err == nil {
		if token = strings.TrimSpace(string(b)); len(token) < 16 {
			return "", "", fmt.Errorf("staff token %s is shorter than 16 characters; remove the file to get a new one", file)
		}
		return token, file, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", "", fmt.Errorf("read the staff token: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", "", fmt.Errorf("make the data folder: %w", err)
	}
	token = rand.Text()
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", "", fmt.Errorf("keep the staff token: %w", err)
	}
	if _, err = fmt.Fprintln(f, token); err != nil {
		f.Close()
		return "", "", fmt.Errorf("keep the staff token: %w", err)
	}
	if err := f.Close(); err != nil {
		return "", "", fmt.Errorf("keep the staff token: %w", err)
	}
	return token, file, nil
}

// interrupted is nil when the operator ended the start.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
