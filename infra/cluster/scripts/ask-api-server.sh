#!/usr/bin/env bash
# A function for the scripts that ask the API server: it repeats a request while that server restarts.

# The last line of such an answer: no connection, 429, 5xx, or 403 before the server has read its access rules.
outage='was refused|connection refused|connection reset|connection timed out|broken pipe|no route to host|i/o timeout'
outage+='|TLS handshake timeout|client connection lost|: (unexpected )?EOF$|an error on the server|\(BadGateway\)'
outage+='|\(TooManyRequests\)|too many requests|\(ServiceUnavailable\)|unable to handle the request|\(InternalError\)'
outage+='|\((Server)?Timeout\)|etcdserver: |\(Forbidden\).*(cannot|attempting to grant|not yet ready)|forbidden: User'

# The last line of kubeadm.
hint='^To see the stack trace'

print_last_line() { grep -v "$hint" "$1" | tail -n 1; }

# Shows what a command says as it comes, for example which pods a drain waits for, without the lines of an outage: those
# may pass. Keeps all lines. argument: the file for them
show_lines() {
  local line
  while IFS= read -r line; do
    echo "$line" >>"$1"
    grep -qiE "$outage|$hint" <<<"$line" || echo "$line" >&2
  done
}

# arguments: SECONDS ERRORS
warn_of_outage() {
  [ "$1" = 0 ] || echo "warning: $HOST: the API server does not answer as it should ($(print_last_line "$2"));" \
    "trying again for up to $1 s" >&2
}

# Runs a command, and again for up to a minute after its first failure while its answer is that of an outage. The command
# must be safe to repeat and must not read standard input. arguments: COMMAND...
ask_api_server() {
  local limit=${SECONDS_TO_RETRY:-60} code end="" errors
  errors=$(mktemp)
  while true; do
    : >"$errors"
    {
      if "$@" 2>&1 >&3 3>&- | show_lines "$errors"; then code=0; else code=${PIPESTATUS[0]}; fi
    } 3>&1
    if [ "$code" = 0 ] || ! print_last_line "$errors" | grep -qiE "$outage"; then break; fi
    [ -n "$end" ] || warn_of_outage "$limit" "$errors"
    end=${end:-$((SECONDS + limit))}
    if [ "$SECONDS" -ge "$end" ]; then
      echo "$HOST: the API server did not answer otherwise for $limit seconds:" >&2
      print_last_line "$errors" >&2
      break
    fi
    sleep 1
  done
  rm -f "$errors"
  return "$code"
}
