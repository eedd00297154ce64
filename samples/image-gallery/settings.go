package main

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
)

type settings struct {
	port         int
	imageAPI     *url.URL
	accessLogAPI *url.URL
	// failureRate is the share of visits, from 0 to 1, that fail on purpose.
	failureRate float64
}

// readSettings reads the settings from the environment and reports every problem at once.
func readSettings(getenv func(string) string) (settings, error) {
	valueOf := func(name, otherwise string) string {
		if value := getenv(name); value != "" {
			return value
		}
		return otherwise
	}
	var problems []error
	reject := func(name, rule string) {
		problems = append(problems, fmt.Errorf("%s must be %s, got %q", name, rule, getenv(name)))
	}
	readURL := func(name, otherwise string) *url.URL {
		parsed, err := url.Parse(valueOf(name, otherwise))
		if err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") || parsed.Host == "" {
			reject(name, "an http or https URL")
		}
		return parsed
	}

	port, err := strconv.Atoi(valueOf("PORT", "80"))
	if err != nil || port < 1 || port > 65535 {
		reject("PORT", "a whole number from 1 to 65535")
	}
	failureRate, err := strconv.ParseFloat(valueOf("FAILURE_RATE", "0"), 64)
	if err != nil || !(failureRate >= 0 && failureRate <= 1) {
		reject("FAILURE_RATE", "a number from 0 to 1")
	}
	read := settings{
		port:         port,
		imageAPI:     readURL("IMAGE_API_URL", "http://iotd/image"),
		accessLogAPI: readURL("ACCESS_API_URL", "http://accesslog/access-log"),
		failureRate:  failureRate,
	}
	return read, errors.Join(problems...)
}
