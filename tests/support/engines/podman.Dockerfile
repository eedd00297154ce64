# Podman as a Debian host has it, to be run in a container with a few more rights (tests/support/containedEngine.ts).
ARG BASE_IMAGE=debian:13.6-slim
FROM ${BASE_IMAGE}
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    podman netavark aardvark-dns catatonit crun nftables iptables iproute2 ca-certificates \
  && rm -rf /var/lib/apt/lists/*
VOLUME /var/lib/containers
COPY prepare.sh /
ENTRYPOINT ["sh", "/prepare.sh"]
# The loop stands for systemd, whose timers run Podman's health checks.
CMD ["sh", "-c", "(while sleep 1; do podman ps -q | xargs -r -n1 podman healthcheck run; done >/dev/null 2>&1) & exec podman system service --time=0 unix:///srv/glasshouse/engine.sock"]
