#!/bin/sh
# Builds Grafana's server from its Go module, with the Go that is there, and lays out what it reads at run time.
# usage: build.sh <work folder> <home folder of Grafana>
set -eu
work=$1
home=$2
# main of 2023-06-09, on the way to 10.1: seen to build from modules alone, with Go 1.24 and 1.26.
version=v1.9.2-0.20230609164553-81d85ce8028d
sum=h1:nEQOIzFVY/zsD915THCfkl+HIvGW+AounbAQ61ejFcs=
export GOWORK=off GOTOOLCHAIN=local CGO_ENABLED=1
export GOPATH="$work/go" GOCACHE="$work/cache"

# Grafana's dependency injection is generated code that is not in the module.
cd "$work/wire"
go build -o "$work/bin/wire" github.com/google/wire/cmd/wire

cd "$work"
go mod download -json "github.com/grafana/grafana@$version" > module.json
grep -qF "\"Sum\": \"$sum\"" module.json || {
  echo "The module of Grafana $version is not the one that was reviewed: $(cat module.json)" >&2
  exit 1
}
cp -r "$(sed -n 's/.*"Dir": "\(.*\)",/\1/p' module.json)" source
chmod -R u+w source

cd source
# Its go.sum does not have everything that Go asks for outside the repository's workspace.
export GOFLAGS=-mod=mod
"$work/bin/wire" gen -tags oss ./pkg/server
go build -trimpath -buildvcs=false -tags oss -ldflags '-s -w -X main.version=10.1.0-pre' \
  -o "$home/bin/grafana" ./pkg/cmd/grafana

# The server starts with templates and the descriptions of its plugins; the browser app is not in the module.
mkdir -p "$home/public"
cp -r conf "$home/conf"
cp -r public/views public/emails "$home/public/"
find public/app/plugins -name plugin.json -exec cp --parents {} "$home" \;
cp packaging/docker/run.sh "$home/run.sh"
chmod 755 "$home/run.sh"
