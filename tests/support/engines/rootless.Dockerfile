# A Docker Engine that runs as a user, to be run in a container with a few more rights (tests/support/containedEngine.ts).
ARG BASE_IMAGE=debian:13.6-slim
FROM ${BASE_IMAGE}
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    docker.io rootlesskit slirp4netns uidmap iptables iproute2 ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --create-home dev \
  && install -d -o dev /run/user/1000
VOLUME /home
ENV XDG_RUNTIME_DIR=/run/user/1000 HOME=/home/dev
COPY prepare.sh /
ENTRYPOINT ["sh", "/prepare.sh"]
CMD ["setpriv", "--reuid=dev", "--regid=dev", "--init-groups", "/usr/share/docker.io/contrib/dockerd-rootless.sh", "--host=unix:///srv/glasshouse/engine.sock", "--metrics-addr=0.0.0.0:9323"]
