#!/usr/bin/env bash
# Runs on the operator's machine: streams directories as one archive to a command on a host.
# input: TREES (directories, separated by colons), RECEIVE (command on the host), HOST (for messages), ADDRESS, PORT,
#        REMOTE_USER, HOST_KEY (its public key), PRIVATE_KEY (content),
#        ADOPT ("yes" if the Pulumi state already had the host)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ssh-login.sh"

IFS=: read -ra directories <<<"$TREES"
arguments=()
for directory in "${directories[@]}"; do arguments+=(-C "$directory" .); done

trust_host "$ADDRESS" "$PORT" "$HOST_KEY"
# A host that has just started answers after a few seconds.
await_login "$REMOTE_USER@$ADDRESS" "$PORT" 60 || {
  echo "$HOST does not answer by SSH: $(print_login_error)" >&2
  exit 1
}
# The modes do not depend on the umask with which this checkout was made.
tar -c --owner=0 --group=0 --mode='u=rwX,go=rX' "${arguments[@]}" |
  run_remotely "$REMOTE_USER@$ADDRESS" "$PORT" "${ADOPT:+ADOPT=$ADOPT }$RECEIVE"
