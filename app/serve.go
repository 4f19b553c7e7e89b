package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"madoguchi/api"
)

// Document is the API's OpenAPI 3.1 document as JSON.
func Document() ([]byte, error) { return api.Document() }

// defaultGrace is how long work in flight may take to finish at the end.
const defaultGrace = 10 * time.Second

// Serve runs the desk until ctx ends; opened hears the address once it takes requests. At the end requests in flight
// finish, sockets hear goodbye, and deliveries in hand finish or stay leased for the next start.
func Serve(ctx context.Context, c Config, opened func(address string)) (err error) {
	log, err := c.logger()
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	door, err := c.listen(log)
	if err != nil {
		return err
	}
	if c.PublicURL == "" {
		c.PublicURL = door.address()
	}
	p, err := build(ctx, c, door, log)
	if errors.Is(err, errStopped) {
		return door.listener.Close()
	}
	if err != nil {
		return errors.Join(err, door.listener.Close())
	}
	defer func() { err = errors.Join(err, p.close()) }()
	return p.run(ctx, c, door, func() {
		opened(door.address())
		p.tellSetup(ctx, c)
	})
}

// run serves until ctx ends or something that must run fails.
func (p *program) run(ctx context.Context, c Config, door traffic, opened func()) error {
	// What serves requests must outlive them: it stops only when the last one is answered.
	serving, stopServing := context.WithCancel(context.WithoutCancel(ctx))
	defer stopServing()
	group, failed := errgroup.WithContext(serving)
	for name, run := range p.runners() {
		group.Go(func() error {
			if err := run(serving); err != nil && serving.Err() == nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			return nil
		})
	}
	server := api.NewHTTPServer(p.handler, p.log)
	group.Go(func() error { return door.serve(server) })
	select {
	case <-p.hub.Ready(): // until then it refuses sockets
		opened()
	case <-failed.Done():
	case <-ctx.Done():
	}
	select {
	case <-ctx.Done():
		p.log.Info("stopping: requests in flight finish first")
	case <-failed.Done():
	}
	end(server, c.ShutdownGrace, p.log)
	stopServing()
	return group.Wait()
}

// end stops taking requests and waits for those in flight.
func end(server *http.Server, grace time.Duration, log *slog.Logger) {
	if grace <= 0 {
		grace = defaultGrace
	}
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		log.Warn("some requests did not finish in time", "err", err)
		_ = server.Close()
	}
}
