package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// backend stands in for the image API and the access log and keeps what they were asked, in order.
type backend struct {
	mutex     sync.Mutex
	requests  []string
	clientIPs []string
	image     string
	imageCode int
	logCode   int
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.requests = append(b.requests, r.Method+" "+r.URL.Path)
	switch r.URL.Path {
	case "/image":
		w.WriteHeader(b.imageCode)
		io.WriteString(w, b.image)
	case "/access-log":
		var visit struct{ ClientIP string }
		json.NewDecoder(r.Body).Decode(&visit)
		b.clientIPs = append(b.clientIPs, visit.ClientIP)
		w.WriteHeader(b.logCode)
	case "/pictures/saturn.svg":
		w.Header().Set("Content-Type", "image/svg+xml")
		io.WriteString(w, "<svg/>")
	case "/pictures/page.svg":
		w.Header().Set("Content-Type", "text/html")
	default:
		http.NotFound(w, r)
	}
}

func startGallery(t *testing.T, failureRate float64) (*backend, *httptest.Server) {
	t.Helper()
	behind := &backend{
		image:     `{"url":"/pictures/saturn.svg","caption":"Saturn <i>& rings</i>","copyright":"Glasshouse"}`,
		imageCode: http.StatusOK,
		logCode:   http.StatusCreated,
	}
	backendServer := httptest.NewServer(behind)
	t.Cleanup(backendServer.Close)
	base, err := url.Parse(backendServer.URL)
	if err != nil {
		t.Fatal(err)
	}
	handler := newHandler(newGallery(settings{
		imageAPI:     base.JoinPath("image"),
		accessLogAPI: base.JoinPath("access-log"),
		failureRate:  failureRate,
	}), prometheus.NewRegistry())
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return behind, server
}

func fetch(t *testing.T, address string) (int, string) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func wantMetric(t *testing.T, server *httptest.Server, line string) {
	t.Helper()
	_, metrics := fetch(t, server.URL+"/metrics")
	if !strings.Contains(metrics, line+"\n") {
		t.Errorf("no line %q in the metrics", line)
	}
}

func TestEachVisitIsReportedOnceAndThenAsksForTheImageOnce(t *testing.T) {
	behind, server := startGallery(t, 0)
	for range 3 {
		if code, _ := fetch(t, server.URL); code != http.StatusOK {
			t.Fatalf("got code %d", code)
		}
	}
	visit := "POST /access-log GET /image"
	if got := strings.Join(behind.requests, " "); got != strings.Join([]string{visit, visit, visit}, " ") {
		t.Errorf("got %s", got)
	}
	if got := strings.Join(behind.clientIPs, " "); got != "127.0.0.1 127.0.0.1 127.0.0.1" {
		t.Errorf("reported %s", got)
	}
	wantMetric(t, server, `image_gallery_requests_total{code="200",method="get"} 3`)
	wantMetric(t, server, `image_gallery_in_flight_requests 0`)
}

func TestThePageEscapesWhatTheImageAPIAnswers(t *testing.T) {
	_, server := startGallery(t, 0)
	_, body := fetch(t, server.URL)
	for _, part := range []string{
		`src="/pictures/saturn.svg"`, `Saturn &lt;i&gt;&amp; rings&lt;/i&gt;`, `&copy; Glasshouse`,
	} {
		if !strings.Contains(body, part) {
			t.Errorf("no %s in %s", part, body)
		}
	}
}

func TestOnlyTheWebPageIsCounted(t *testing.T) {
	_, server := startGallery(t, 0)
	for _, path := range []string{"/healthz", "/metrics", "/pictures/saturn.svg", "/favicon.ico"} {
		fetch(t, server.URL+path)
	}
	wantMetric(t, server, `image_gallery_requests_total{code="200",method="get"} 0`)
}

func TestAVisitFailsOnPurposeAfterItWasReported(t *testing.T) {
	behind, server := startGallery(t, 1)
	if code, _ := fetch(t, server.URL); code != http.StatusInternalServerError {
		t.Errorf("got code %d", code)
	}
	if got := strings.Join(behind.requests, " "); got != "POST /access-log GET /image" {
		t.Errorf("got %s", got)
	}
	wantMetric(t, server, `image_gallery_requests_total{code="500",method="get"} 1`)
}

func TestABrokenImageAPIIsToldToTheVisitorAsBadGateway(t *testing.T) {
	for name, broken := range map[string]struct {
		code int
		body string
	}{
		"error code": {http.StatusServiceUnavailable, `{"url":"/pictures/saturn.svg"}`},
		"no JSON":    {http.StatusOK, "<html>"},
		"no url":     {http.StatusOK, `{"caption":"Saturn"}`},
	} {
		t.Run(name, func(t *testing.T) {
			behind, server := startGallery(t, 0)
			behind.imageCode, behind.image = broken.code, broken.body
			code, body := fetch(t, server.URL)
			if code != http.StatusBadGateway || !strings.Contains(body, "The picture of the day is not available") {
				t.Errorf("got code %d and %s", code, body)
			}
			wantMetric(t, server, `image_gallery_requests_total{code="502",method="get"} 1`)
		})
	}
}

func TestABrokenAccessLogDoesNotBreakThePage(t *testing.T) {
	behind, server := startGallery(t, 0)
	behind.logCode = http.StatusInternalServerError
	if code, _ := fetch(t, server.URL); code != http.StatusOK {
		t.Errorf("got code %d", code)
	}
}

func TestPicturesArePassedOnAndNothingElseOfTheImageService(t *testing.T) {
	behind, server := startGallery(t, 0)
	if code, body := fetch(t, server.URL+"/pictures/saturn.svg"); code != http.StatusOK || body != "<svg/>" {
		t.Errorf("got code %d and %s", code, body)
	}
	for _, file := range []string{"page.svg", "none.svg"} {
		if code, _ := fetch(t, server.URL+"/pictures/"+file); code != http.StatusNotFound {
			t.Errorf("%s: got code %d", file, code)
		}
	}
	asked := len(behind.requests)
	for _, file := range []string{"..%2Fimage", "..%2Factuator%2Fprometheus", "Saturn.SVG"} {
		if code, _ := fetch(t, server.URL+"/pictures/"+file); code != http.StatusNotFound {
			t.Errorf("%s: got code %d", file, code)
		}
	}
	if len(behind.requests) != asked {
		t.Errorf("the image service was asked for %v", behind.requests[asked:])
	}
}

func TestCheckHealthTellsAHealthyServerFromASickOne(t *testing.T) {
	_, server := startGallery(t, 0)
	if err := checkHealth(server.URL + "/healthz"); err != nil {
		t.Error(err)
	}
	if err := checkHealth(server.URL + "/nowhere"); err == nil {
		t.Error("want an error for a page that is not there")
	}
}
