#!/bin/sh
# Starts PostgreSQL, and makes its data folder first where there is none. It speaks the official image's settings:
# PGDATA, POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD_FILE (or POSTGRES_PASSWORD), POSTGRES_INITDB_ARGS and
# POSTGRES_HOST_AUTH_METHOD.
# Unlike there it runs as the image's user from the start, so that no capability is needed.
set -eu
PGDATA=${PGDATA:-/var/lib/postgresql/data/pgdata}
POSTGRES_USER=${POSTGRES_USER:-postgres}

initialise() {
  if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
    password_file=$POSTGRES_PASSWORD_FILE
  elif [ -n "${POSTGRES_PASSWORD:-}" ]; then
    password_file=$(mktemp -p /tmp)
    printf '%s' "$POSTGRES_PASSWORD" > "$password_file"
  elif [ "${POSTGRES_HOST_AUTH_METHOD:-}" = trust ]; then
    # Nobody is asked for it.
    password_file=$(mktemp -p /tmp)
    tr -dc A-Za-z0-9 < /dev/urandom | head -c 32 > "$password_file"
  else
    echo "Set POSTGRES_PASSWORD_FILE (or POSTGRES_PASSWORD): the database's superuser has no password otherwise." >&2
    exit 1
  fi
  # Renamed when it is complete, so that a start that was killed leaves no half database. A mount point cannot be renamed:
  # PGDATA is a folder below the volume.
  rm -rf "$PGDATA.new"
  # shellcheck disable=SC2086 # more than one argument, as in the official image
  initdb --pgdata="$PGDATA.new" --username="$POSTGRES_USER" --pwfile="$password_file" --encoding=UTF8 --locale=C.UTF-8 \
    --auth-local=trust --auth-host=scram-sha-256 ${POSTGRES_INITDB_ARGS:-}
  echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA.new/pg_hba.conf"
  if [ "${POSTGRES_DB:-postgres}" != postgres ]; then
    echo "CREATE DATABASE \"$POSTGRES_DB\";" |
      postgres --single -j -D "$PGDATA.new" postgres > /dev/null
  fi
  mv "$PGDATA.new" "$PGDATA"
}

if [ "${1:-postgres}" != postgres ]; then exec "$@"; fi
[ $# -eq 0 ] || shift
[ -s "$PGDATA/PG_VERSION" ] || initialise
major=$(postgres --version | sed 's/.* \([0-9]*\)\..*/\1/')
if [ "$(cat "$PGDATA/PG_VERSION")" != "$major" ]; then
  echo "The data in $PGDATA is of PostgreSQL $(cat "$PGDATA/PG_VERSION"), this image has $major: dump and restore it, or use the older image." >&2
  exit 1
fi
exec postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql "$@"
