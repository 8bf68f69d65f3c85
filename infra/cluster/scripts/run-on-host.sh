#!/usr/bin/env bash
# Runs on the operator's machine: runs a command on a host.
# input: RECEIVE (command on the host), HOST (for messages), ADDRESS, PORT, REMOTE_USER, HOST_KEY, PRIVATE_KEY (content)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ssh-login.sh"

trust_host "$ADDRESS" "$PORT" "$HOST_KEY"
await_login "$REMOTE_USER@$ADDRESS" "$PORT" 60 || {
  echo "$HOST does not answer by SSH: $(print_login_error)" >&2
  exit 1
}
run_remotely "$REMOTE_USER@$ADDRESS" "$PORT" "$RECEIVE" </dev/null
