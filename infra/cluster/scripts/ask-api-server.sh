#!/usr/bin/env bash
# A function for the scripts that run on the first node: it repeats a request while the API server restarts.

# The last line of such an answer: no connection, 429, 5xx, or 403 before the server has read its access rules.
outage='was refused|connection refused|connection reset|i/o timeout|TLS handshake timeout|: EOF$'
outage+='|\(TooManyRequests\)|too many requests|\(ServiceUnavailable\)|unable to handle the request|\(InternalError\)'
outage+='|\((Server)?Timeout\)|etcdserver: |\(Forbidden\).*(cannot|attempting to grant|not yet ready)|forbidden: User'

# kubeadm ends with a hint.
print_last_line() { grep -v '^To see the stack trace' "$1" | tail -n 1; }

# Runs a command, and again for up to a minute while its answer is that of an outage. The command must be safe to repeat
# and must not read standard input. arguments: COMMAND...
ask_api_server() {
  local limit=${SECONDS_TO_RETRY:-60} code said="" end errors
  errors=$(mktemp)
  end=$((SECONDS + limit))
  while true; do
    code=0
    "$@" 2>"$errors" || code=$?
    if [ "$code" = 0 ] || ! print_last_line "$errors" | grep -qiE "$outage"; then break; fi
    if [ "$SECONDS" -ge "$end" ]; then
      echo "$HOST: the API server did not answer otherwise for $limit seconds:" >&2
      break
    fi
    [ -n "$said" ] || echo "warning: $HOST: the API server does not answer as it should" \
      "($(print_last_line "$errors")); trying again for up to $limit s" >&2
    said=yes
    sleep 1
  done
  cat "$errors" >&2
  rm -f "$errors"
  return "$code"
}
