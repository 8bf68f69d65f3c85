#!/usr/bin/env bash
# Runs on the operator's machine: runs the script in its standard input on a host as root.
# input: HOST (for messages), ADDRESS, PORT, REMOTE_USER, HOST_KEY, ATTEMPTS (to log in), and those of ssh-login.sh
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ssh-login.sh"

script=$(cat)
define_login host "$REMOTE_USER" "$ADDRESS" "$PORT" "$HOST_KEY"
await_login host "$ATTEMPTS" || {
  echo "$HOST does not answer by SSH: $(print_login_error)" >&2
  exit 1
}
run_script host "$script" </dev/null
