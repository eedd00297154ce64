package main

import (
	"strings"
	"testing"
)

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestReadSettingsUsesTheNamesOfTheChapterByDefault(t *testing.T) {
	read, err := readSettings(environment(nil))
	if err != nil {
		t.Fatal(err)
	}
	if read.port != 80 || read.failureRate != 0 {
		t.Errorf("got port %d and failure rate %v, want 80 and 0", read.port, read.failureRate)
	}
	if got := read.imageAPI.String(); got != "http://iotd/image" {
		t.Errorf("got image API %s", got)
	}
	if got := read.accessLogAPI.String(); got != "http://accesslog/access-log" {
		t.Errorf("got access log API %s", got)
	}
}

func TestReadSettingsReportsEveryProblemAtOnce(t *testing.T) {
	_, err := readSettings(environment(map[string]string{
		"PORT":           "65536",
		"FAILURE_RATE":   "NaN",
		"IMAGE_API_URL":  "iotd/image",
		"ACCESS_API_URL": "ftp://accesslog",
	}))
	if err == nil {
		t.Fatal("want an error")
	}
	for _, name := range []string{"PORT", "FAILURE_RATE", "IMAGE_API_URL", "ACCESS_API_URL"} {
		if !strings.Contains(err.Error(), name+" must be") {
			t.Errorf("%s is not named in %q", name, err)
		}
	}
}
