#!/bin/bash
# Asks the service for its own health. bash speaks TCP, so this needs no curl in the image and no second JVM.
set -eu

exec 3<>"/dev/tcp/127.0.0.1/${SERVER_PORT:-${PORT:-80}}"
printf 'GET /actuator/health/liveness HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
read -r -t 2 _ code _ <&3
[ "$code" = 200 ]
