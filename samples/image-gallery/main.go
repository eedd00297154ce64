// Image Gallery shows the picture of the day. Every visit is reported to the access log.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	// `docker stop` kills after 10 s; visits that are under way get most of that time.
	shutdownTimeout    = 8 * time.Second
	healthCheckTimeout = 2 * time.Second
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		slog.Error("image-gallery stopped", "error", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	settings, err := readSettings(os.Getenv)
	if err != nil {
		return err
	}
	switch {
	case len(args) == 0:
		return serve(settings)
	case len(args) == 1 && args[0] == "healthcheck":
		return checkHealth(fmt.Sprintf("http://127.0.0.1:%d/healthz", settings.port))
	default:
		return fmt.Errorf("unknown arguments %q: run without any to serve, or with healthcheck", args)
	}
}

func serve(settings settings) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	server := &http.Server{
		Handler:           newHandler(newGallery(settings), registry),
		ReadHeaderTimeout: 5 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       60 * time.Second,
	}
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", settings.port))
	if err != nil {
		return err
	}
	slog.Info("image-gallery listens", "address", listener.Addr().String())

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}

	slog.Info("image-gallery shuts down")
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	return server.Shutdown(ctx)
}

// newHandler routes requests. Only the web page is counted: scrapes, health checks and pictures are not visits.
func newHandler(gallery *gallery, registry *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", countVisits(registry, http.HandlerFunc(gallery.showPage)))
	mux.HandleFunc("GET /pictures/{file}", gallery.showPicture)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "ok")
	})
	mux.Handle("GET /metrics", promhttp.InstrumentMetricHandler(
		registry, promhttp.HandlerFor(registry, promhttp.HandlerOpts{Registry: registry}),
	))
	return mux
}

func countVisits(registry *prometheus.Registry, page http.Handler) http.Handler {
	requests := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "image_gallery_requests_total",
		Help: "Requests for the web page, by response code and method.",
	}, []string{"code", "method"})
	inFlight := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "image_gallery_in_flight_requests",
		Help: "Requests for the web page that are being served now.",
	})
	registry.MustRegister(requests, inFlight)

	// Series that exist from the start, so that a rate sees even the first visit and the first failure.
	for _, code := range []string{"200", "500", "502"} {
		requests.WithLabelValues(code, "get")
	}
	return promhttp.InstrumentHandlerInFlight(inFlight, promhttp.InstrumentHandlerCounter(requests, page))
}

func checkHealth(url string) error {
	client := http.Client{Timeout: healthCheckTimeout}
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New("unhealthy: " + response.Status)
	}
	return nil
}
