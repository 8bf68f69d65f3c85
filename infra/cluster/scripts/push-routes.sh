#!/usr/bin/env bash
# Runs on the operator's machine: sets the routes of a node. A node that does not answer is reported and skipped,
# because it fetches the table from the control plane when it is back.
# input: HOST (for messages), ADDRESS, PORT, REMOTE_USER, HOST_KEY, and those of ssh-login.sh,
#        SET_ROUTES (script on the host)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ssh-login.sh"

define_login host "$REMOTE_USER" "$ADDRESS" "$PORT" "$HOST_KEY"
await_login host 6 || {
  echo "warning: $HOST does not answer by SSH ($(print_login_error)); it fetches its routes to the pods of other" \
    "nodes within five minutes after it is back" >&2
  exit 0
}
run_script host "$SET_ROUTES" </dev/null
