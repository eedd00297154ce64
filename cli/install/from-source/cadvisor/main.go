// Command cadvisor serves the metrics of a Docker host's containers, for networks on which cAdvisor's own image is out
// of reach: its libraries behind a main with the official binary's flags, so that one list of arguments fits both.
package main

import (
	"flag"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/google/cadvisor/container/docker"
	_ "github.com/google/cadvisor/container/docker/install"
	"github.com/google/cadvisor/lib/cache/memory"
	"github.com/google/cadvisor/lib/container"
	"github.com/google/cadvisor/lib/manager"
	"github.com/google/cadvisor/lib/metrics"
	"github.com/google/cadvisor/lib/model"
	"github.com/google/cadvisor/lib/utils/sysfs"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"
)

func main() {
	klog.InitFlags(nil)
	address := flag.String("listen_ip", "", "address to listen on; all of them where it is empty")
	port := flag.String("port", "8080", "port to listen on")
	storage := flag.Duration("storage_duration", 2*time.Minute, "how long samples are kept in memory")
	labels := flag.String("whitelisted_container_labels", "", "comma-separated labels of containers to export")
	prefixes := flag.String("raw_cgroup_prefix_whitelist", "", "comma-separated cgroups to report beside Docker's")
	storeLabels := flag.Bool("store_container_labels", true, "export every label of every container")
	included := container.MetricSet{container.CpuUsageMetrics: {}, container.MemoryUsageMetrics: {}}
	flag.Var(&included, "enable_metrics", "comma-separated kinds of metrics to export")
	flag.Parse()

	// Without an answer cAdvisor would run on without a single container, and never ask again.
	if status, err := docker.Status(); err != nil || status.RootDir == "" {
		klog.Exitf("Docker's API does not answer at %s: %v", *docker.ArgDockerEndpoint, err)
	}

	containers, err := manager.New(memory.New(*storage, nil), sysfs.NewRealSysFs(), manager.HousekeepingConfigFlags,
		included, strings.Split(*prefixes, ","), []string{""}, "", 0)
	if err != nil {
		klog.Exitf("Creating the manager failed: %v", err)
	}
	if err := containers.Start(); err != nil {
		klog.Exitf("Starting the manager failed: %v", err)
	}

	describe := metrics.DefaultContainerLabels
	if !*storeLabels {
		describe = metrics.BaseContainerLabels(strings.Split(*labels, ","))
	}
	options := model.RequestOptions{IdType: model.TypeName, Count: 1, Recursive: true}
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		metrics.NewPrometheusCollector(containers, describe, included, clock.RealClock{}, options),
		metrics.NewPrometheusMachineCollector(containers, included),
	)
	http.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	http.HandleFunc("/healthz", func(response http.ResponseWriter, _ *http.Request) { response.Write([]byte("ok")) })
	klog.Exit(http.ListenAndServe(net.JoinHostPort(*address, *port), nil))
}
