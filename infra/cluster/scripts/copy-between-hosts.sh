#!/usr/bin/env bash
# Runs on the operator's machine: copies what all control planes share from one to another. Nothing of it is written
# here.
# input: CONTROL_HOST, CONTROL_ADDRESS, CONTROL_PORT, CONTROL_USER, CONTROL_HOST_KEY (of the one that has it), READ (command
#        on it), HOST, ADDRESS, PORT, REMOTE_USER, HOST_KEY (of the other), RECEIVE (command on it), PRIVATE_KEY (content)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ssh-login.sh"

trust_host "$ADDRESS" "$PORT" "$HOST_KEY"
trust_host "$CONTROL_ADDRESS" "$CONTROL_PORT" "$CONTROL_HOST_KEY"
await_login "$CONTROL_USER@$CONTROL_ADDRESS" "$CONTROL_PORT" 60 || {
  echo "$CONTROL_HOST does not answer by SSH: $(print_login_error)" >&2
  exit 1
}
run_remotely "$CONTROL_USER@$CONTROL_ADDRESS" "$CONTROL_PORT" "$READ" </dev/null |
  run_remotely "$REMOTE_USER@$ADDRESS" "$PORT" "$RECEIVE"
