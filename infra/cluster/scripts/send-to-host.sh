#!/usr/bin/env bash
# Runs on the operator's machine: streams directories as one archive to a command on a host.
# input: TREES (directories, separated by colons), RECEIVE (command on the host), ADDRESS, PORT, REMOTE_USER,
#        HOST_KEY (its public key), PRIVATE_KEY (content)
set -euo pipefail
secrets=$(mktemp -d)
trap 'rm -rf "$secrets"' EXIT

(umask 077 && printf '%s\n' "$PRIVATE_KEY" >"$secrets/key")
printf '[%s]:%s %s\n%s %s\n' "$ADDRESS" "$PORT" "$HOST_KEY" "$ADDRESS" "$HOST_KEY" >"$secrets/known_hosts"

IFS=: read -ra directories <<<"$TREES"
arguments=()
for directory in "${directories[@]}"; do arguments+=(-C "$directory" .); done

login=(ssh -i "$secrets/key" -p "$PORT" -o BatchMode=yes -o UserKnownHostsFile="$secrets/known_hosts" -o LogLevel=ERROR
  -o Ciphers=^aes128-gcm@openssh.com) # twice as fast as the default if the processor accelerates AES
for _ in $(seq 60); do # a host that has just started answers after a few seconds
  "${login[@]}" -o ConnectTimeout=5 "$REMOTE_USER@$ADDRESS" true 2>"$secrets/why" && break
  sleep 0.5
done
tar -c --owner=0 --group=0 "${arguments[@]}" | "${login[@]}" "$REMOTE_USER@$ADDRESS" "$RECEIVE" || {
  cat "$secrets/why" >&2
  exit 1
}
