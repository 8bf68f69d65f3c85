#!/usr/bin/env bash
# Runs on the operator's machine: inspects a host by the script in its standard input.
# input: as run-on-host.sh
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ssh-login.sh"

# Prints the reason why the user cannot become root without a password.
describe_sudo_problem() {
  [ "$REMOTE_USER" != root ] || return 0
  run_remotely host "sudo -n true" </dev/null 2>&1 | sed -n '$ s/ *$//p' || true
}

script=$(cat)
define_login host "$REMOTE_USER" "$ADDRESS" "$PORT" "$HOST_KEY"
await_login host "$ATTEMPTS" || {
  echo "$HOST does not answer by SSH: $(print_login_error)" >&2
  exit 1
}
problem=$(describe_sudo_problem)
# Without sudo the script still finds what a user can read, so that all problems are reported at once.
[ -z "$problem" ] || renounce_root host
run_script host "export OPERATOR_TIME=$(date +%s) SUDO_PROBLEM=$(printf %q "$problem")"$'\n'"$script" </dev/null
