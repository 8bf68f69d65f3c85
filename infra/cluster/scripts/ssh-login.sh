#!/usr/bin/env bash
# Functions that log in to hosts from the operator's machine. Part of the scripts that run there.
# input: PRIVATE_KEY (content)
secrets=$(mktemp -d)
trap 'rm -rf "$secrets"' EXIT
(umask 077 && printf '%s\n' "$PRIVATE_KEY" >"$secrets/key")

# Accepts the key of a host. arguments: ADDRESS PORT HOST_KEY
trust_host() { printf '[%s]:%s %s\n%s %s\n' "$1" "$2" "$3" "$1" "$3" >>"$secrets/known_hosts"; }

# Runs a command on a host. arguments: USER@ADDRESS PORT COMMAND
run_remotely() {
  # The cipher is twice as fast as the default if the processor accelerates AES.
  ssh -i "$secrets/key" -p "$2" -o BatchMode=yes -o ConnectTimeout=5 -o ServerAliveInterval=15 -o LogLevel=ERROR \
    -o UserKnownHostsFile="$secrets/known_hosts" -o StrictHostKeyChecking=yes -o Ciphers=^aes128-gcm@openssh.com \
    "$1" "$3"
}

# True as soon as a login succeeds.
# arguments: USER@ADDRESS PORT ATTEMPTS
await_login() {
  local attempt
  for attempt in $(seq "$3"); do
    run_remotely "$1" "$2" true </dev/null 2>"$secrets/reason" && return 0
    [ "$attempt" = "$3" ] || sleep 0.5
  done
  return 1
}

# Prints the reason why the last attempt to log in failed.
print_login_error() { tr '\n\r' '  ' <"$secrets/reason" | sed 's/ *$//'; }
