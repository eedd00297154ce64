#!/bin/sh
# Runs the Pulumi that `npm run up` of a Glasshouse checkout installed. Inside such a checkout it fills in where the
# state and the passphrase are, unless the environment says otherwise.
folder=$PWD
while [ "$folder" != / ] && [ ! -f "$folder/.glasshouse/env" ]; do folder=$(dirname "$folder"); done
if [ -f "$folder/.glasshouse/env" ]; then
  while IFS='=' read -r name value; do
    # An access token alone chooses Pulumi Cloud.
    [ "$name" = PULUMI_BACKEND_URL ] && [ -n "$PULUMI_ACCESS_TOKEN" ] && continue
    case $name in
    PULUMI_BACKEND_URL | PULUMI_CONFIG_PASSPHRASE_FILE | PULUMI_SKIP_UPDATE_CHECK)
      eval "[ -n \"\${$name+set}\" ]" || export "$name=$value"
      ;;
    esac
  done <"$folder/.glasshouse/env"
fi
program=$(readlink -f "${PULUMI_HOME:-$HOME/.pulumi}/glasshouse-pulumi") || exit 127
PATH="$(dirname "$program"):$PATH" exec "$program" "$@"
