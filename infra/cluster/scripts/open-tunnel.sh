#!/usr/bin/env bash
# Runs on the operator's machine: leads a port of its loopback through the bastion to the API server. Commands share the
# connection, which ends a minute after the last request. Safe to repeat, unless it ends with exit code 77: the bastion
# refuses the login, and fail2ban counts each.
# input: TUNNEL (127.0.0.1:PORT:HOST:PORT, as of ssh -L), ATTEMPTS (to log in), and those of ssh-login.sh
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ssh-login.sh"

# shellcheck disable=SC2154 # secrets is a variable of ssh-login.sh
forward_port() { ssh -F "$secrets/config" -O forward -L "$TUNNEL" bastion 2>/dev/null; }

# True if something answers at the port: with another key or agent, another connection of this user has it.
is_taken() {
  local port=${TUNNEL#*:}
  (: <"/dev/tcp/127.0.0.1/${port%%:*}") 2>/dev/null
}

# A connection that is open needs no login, and no session to see whether it answers.
! forward_port || exit 0
await_login bastion "$ATTEMPTS" || {
  print_login_error >&2
  ! is_login_refused || exit 77
  exit 1
}
forward_port || is_taken || {
  echo "ssh cannot use the port of ${TUNNEL%:*:*} on this machine; choose another localPort" >&2
  exit 1
}
