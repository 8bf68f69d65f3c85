#!/usr/bin/env bash
# Runs on the operator's machine: removes a host from the cluster: drains its node, ends Kubernetes on it and deletes
# the node. If a host does not answer and its node is not Ready, only the node is deleted.
# input: HOST (for messages), NODE_NAME, ADDRESS, PORT, REMOTE_USER, HOST_KEY, and those of ssh-login.sh,
#        RESET (script on it), and, unless the host is the control plane, CONTROL_HOST, CONTROL_ADDRESS,
#        CONTROL_PORT, CONTROL_USER, CONTROL_HOST_KEY, DRAIN and DELETE (scripts on it),
#        MIXCPT_FORCE_RELEASE (names of nodes that are released without an answer and without being drained)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ssh-login.sh"

warn() { echo "warning: $HOST: $*" >&2; }

is_forced() { [[ " ${MIXCPT_FORCE_RELEASE:-} " == *" $NODE_NAME "* ]]; }

run_on_host() { run_script host "$1" </dev/null; }
run_on_control() { run_script control "$1" </dev/null; }

has_control() { [ -n "${CONTROL_ADDRESS:-}" ]; }
control_answers() { has_control && await_login control 6; }

# arguments: UNREACHABLE ("yes" or "no")
delete_node() { run_on_control "export UNREACHABLE=$1"$'\n'"$DELETE"; }

refuse() {
  echo "$HOST: $1. Run the command again when that is repaired, or give the host up with" \
    "MIXCPT_FORCE_RELEASE=\"$NODE_NAME\" before the command" >&2
  exit 1
}

drain_host() {
  if [ "$control" = yes ]; then
    run_on_control "$DRAIN"
  elif has_control; then
    refuse "cannot be drained, because $CONTROL_HOST does not answer by SSH ($(print_login_error))"
  fi
}

release_reachable_host() {
  local control=no
  ! control_answers || control=yes
  is_forced || drain_host
  run_on_host "$RESET"
  [ "$control" = no ] || delete_node no ||
    warn "its node was not deleted; run ./mixcpt kubectl delete node $NODE_NAME"
}

release_unreachable_host() {
  local reason
  reason=$(print_login_error)
  if control_answers; then
    warn "does not answer by SSH ($reason); it is neither drained nor reset"
    delete_node "$(is_forced && echo no || echo yes)" || is_forced
  elif is_forced; then
    warn "does not answer by SSH ($reason); Kubernetes on it was not ended"
  else
    refuse "does not answer by SSH ($reason)$(! has_control || echo ", and neither does $CONTROL_HOST")"
  fi
}

define_login host "$REMOTE_USER" "$ADDRESS" "$PORT" "$HOST_KEY"
! has_control || define_login control "$CONTROL_USER" "$CONTROL_ADDRESS" "$CONTROL_PORT" "$CONTROL_HOST_KEY"
if await_login host 6; then release_reachable_host; else release_unreachable_host; fi
