#!/usr/bin/env bash
# Runs on the operator's machine: copies what all control planes share from one to another. Nothing of it is written
# here.
# input: CONTROL_HOST, CONTROL_ADDRESS, CONTROL_PORT, CONTROL_USER, CONTROL_HOST_KEY (of the one that has it), READ (script
#        on it), HOST, ADDRESS, PORT, REMOTE_USER, HOST_KEY (of the other), RECEIVE (script on it), ATTEMPTS, and those of
#        ssh-login.sh
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ssh-login.sh"

# arguments: NAME LABEL
require_login() {
  await_login "$1" "$ATTEMPTS" && return 0
  echo "$2 does not answer by SSH: $(print_login_error)" >&2
  exit 1
}

define_login control "$CONTROL_USER" "$CONTROL_ADDRESS" "$CONTROL_PORT" "$CONTROL_HOST_KEY"
define_login host "$REMOTE_USER" "$ADDRESS" "$PORT" "$HOST_KEY"
require_login control "$CONTROL_HOST"
require_login host "$HOST"
run_script control "$READ" </dev/null | run_script host "$RECEIVE"
