#!/usr/bin/env bash
# Runs on the operator's machine: sets the routes of a node. A node that does not answer is reported and skipped,
# because it fetches the table from the control plane when it is back.
# input: HOST (for messages), ADDRESS, PORT, REMOTE_USER, HOST_KEY, PRIVATE_KEY (content),
#        SET_ROUTES (command on the host)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ssh-login.sh"

trust_host "$ADDRESS" "$PORT" "$HOST_KEY"
await_login "$REMOTE_USER@$ADDRESS" "$PORT" 6 || {
  echo "warning: $HOST does not answer by SSH ($(print_login_error)); it fetches its routes to the pods of other" \
    "nodes within five minutes after it is back" >&2
  exit 0
}
run_remotely "$REMOTE_USER@$ADDRESS" "$PORT" "$SET_ROUTES" </dev/null
