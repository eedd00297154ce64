# A Docker Engine for Swarm mode, to be run in a container with a few more rights (tests/support/containedEngine.ts).
ARG BASE_IMAGE=debian:13.6-slim
FROM ${BASE_IMAGE}
RUN apt-get update \
  && apt-get install -y --no-install-recommends docker.io iptables iproute2 ca-certificates \
  && rm -rf /var/lib/apt/lists/*
VOLUME /var/lib/docker
COPY prepare.sh /
ENTRYPOINT ["sh", "/prepare.sh"]
# The loop stands for systemd: an engine that is stopped starts again.
CMD ["sh", "-c", "while :; do dockerd --host=unix:///srv/glasshouse/engine.sock; sleep 1; done"]
