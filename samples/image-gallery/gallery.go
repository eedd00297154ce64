package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

const (
	imageTimeout     = 5 * time.Second
	accessLogTimeout = 2 * time.Second

	maxImageBytes   = 64 << 10
	maxPictureBytes = 4 << 20

	picturesPath = "/pictures/"
)

// No dots or slashes besides the ending: a visitor reaches pictures of the image service, and nothing else of it.
var pictureFile = regexp.MustCompile(`^[a-z0-9-]+\.svg$`)

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

// image is the answer of the image API.
type image struct {
	URL       string `json:"url"`
	Caption   string `json:"caption"`
	Copyright string `json:"copyright"`
}

// page is what the template shows: the image, or else the problem.
type page struct {
	Image   image
	Problem string
}

type gallery struct {
	settings  settings
	images    *http.Client
	accessLog *http.Client
}

func newGallery(settings settings) *gallery {
	// A connection that is kept stays with one replica; a new one per visit follows Docker's DNS to all of them.
	perVisit := http.DefaultTransport.(*http.Transport).Clone()
	perVisit.DisableKeepAlives = true

	return &gallery{
		settings:  settings,
		images:    &http.Client{Timeout: imageTimeout},
		accessLog: &http.Client{Timeout: accessLogTimeout, Transport: perVisit},
	}
}

// showPage serves one visit: one report to the access log, then one request to the image API.
func (g *gallery) showPage(w http.ResponseWriter, r *http.Request) {
	if err := g.reportVisit(r.Context(), clientIP(r)); err != nil {
		slog.Warn("visit not reported", "error", err)
	}
	shown, err := g.fetchImage(r.Context())
	switch {
	case err != nil:
		slog.Error("no image", "error", err)
		renderPage(w, http.StatusBadGateway, page{Problem: "The picture of the day is not available: its service does not answer."})
	case rand.Float64() < g.settings.failureRate:
		renderPage(w, http.StatusInternalServerError, page{Problem: "This visit failed on purpose, as FAILURE_RATE asks."})
	default:
		renderPage(w, http.StatusOK, page{Image: shown})
	}
}

// showPicture passes on a picture of the image service, whose Docker name no browser can resolve.
func (g *gallery) showPicture(w http.ResponseWriter, r *http.Request) {
	file := r.PathValue("file")
	if !pictureFile.MatchString(file) {
		http.NotFound(w, r)
		return
	}
	address := g.settings.imageAPI.ResolveReference(&url.URL{Path: picturesPath + file})
	response, err := get(r.Context(), g.images, address)
	if err != nil {
		slog.Error("no picture", "error", err)
		http.Error(w, "The picture is not available.", http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	contentType := response.Header.Get("Content-Type")
	if response.StatusCode != http.StatusOK || !strings.HasPrefix(contentType, "image/") {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "public, max-age=3600")
	setSecurityHeaders(w)
	if _, err := io.Copy(w, io.LimitReader(response.Body, maxPictureBytes)); err != nil {
		slog.Warn("picture cut short", "error", err)
	}
}

func (g *gallery) reportVisit(ctx context.Context, clientIP string) error {
	body, err := json.Marshal(map[string]string{"clientIp": clientIP})
	if err != nil {
		return err
	}
	// A visitor who leaves early is still a visit.
	request, err := http.NewRequestWithContext(
		context.WithoutCancel(ctx), http.MethodPost, g.settings.accessLogAPI.String(), bytes.NewReader(body),
	)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := g.accessLog.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("access log answered %s", response.Status)
	}
	return nil
}

func (g *gallery) fetchImage(ctx context.Context) (image, error) {
	// The visit was reported, so its request is made to the end as well: the two counts stay equal.
	response, err := get(context.WithoutCancel(ctx), g.images, g.settings.imageAPI)
	if err != nil {
		return image{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return image{}, fmt.Errorf("image API answered %s", response.Status)
	}
	var fetched image
	if err := json.NewDecoder(io.LimitReader(response.Body, maxImageBytes)).Decode(&fetched); err != nil {
		return image{}, fmt.Errorf("image API answered no image: %w", err)
	}
	if fetched.URL == "" {
		return image{}, errors.New("image API answered an image without url")
	}
	return fetched, nil
}

func get(ctx context.Context, client *http.Client, address *url.URL) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	return client.Do(request)
}

func clientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func renderPage(w http.ResponseWriter, code int, content page) {
	var rendered bytes.Buffer
	if err := pageTemplate.Execute(&rendered, content); err != nil {
		slog.Error("page not rendered", "error", err)
		http.Error(w, "The page could not be rendered.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	setSecurityHeaders(w)
	w.WriteHeader(code)
	if _, err := rendered.WriteTo(w); err != nil {
		slog.Warn("page cut short", "error", err)
	}
}

// setSecurityHeaders keeps scripts out, also out of pictures that are opened on their own.
func setSecurityHeaders(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src 'self' http: https:; style-src 'unsafe-inline'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
}
