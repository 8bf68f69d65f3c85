#!/usr/bin/env bash
# A function for the scripts that ask the API server: it repeats a request while that server restarts.

# The last line of an answer that may pass: no connection, 429, 5xx.
outage='was refused|connection refused|connection reset|connection timed out|broken pipe|no route to host|i/o timeout'
outage+='|TLS handshake timeout|client connection lost|: (unexpected )?EOF$|an error on the server|\(BadGateway\)'
outage+='|\(TooManyRequests\)|too many requests|\(ServiceUnavailable\)|unable to handle the request|\(InternalError\)'
outage+='|\((Server)?Timeout\)|etcdserver: '

# A 403 of a server that has not read its access rules, which takes it seconds. A right that is missing never comes.
missing_right='\(Forbidden\).*(cannot|attempting to grant|not yet ready)|forbidden: User'

# The last line of kubeadm.
hint='^To see the stack trace'

print_last_line() { grep -v "$hint" "$1" | tail -n 1; }

# Shows what a command says as it comes, for example which pods a drain waits for, without the lines of an outage: those
# may pass. Keeps all lines. argument: the file for them
show_lines() {
  local line
  while IFS= read -r line; do
    echo "$line" >>"$1"
    grep -qiE "$outage|$missing_right|$hint" <<<"$line" || echo "$line" >&2
  done
}

# Prints for how many seconds a command is tried again after such a last line; nothing if the answer cannot change.
# argument: LINE
choose_limit() {
  if grep -qiE "$missing_right" <<<"$1"; then
    echo "${SECONDS_TO_RETRY:-20}"
  elif grep -qiE "$outage" <<<"$1"; then
    echo "${SECONDS_TO_RETRY:-60}"
  fi
}

# arguments: SECONDS LINE
warn_of_outage() {
  local fault="does not answer as it should"
  ! grep -qiE "$missing_right" <<<"$2" || fault="denies a right, perhaps because it has just started"
  [ "$1" = 0 ] || echo "warning: $HOST: the API server $fault ($2); trying again for up to $1 s" >&2
}

# arguments: SECONDS LINE
print_lasting_failure() {
  local fault="did not answer otherwise for"
  ! grep -qiE "$missing_right" <<<"$2" || fault="still denied this right after"
  printf '%s\n' "$HOST: the API server $fault $1 seconds:" "$2" >&2
}

# Runs a command, and again after its first failure while its answer may pass: for up to a minute, or 20 seconds while
# rights alone are missing. The command must be safe to repeat and must not read standard input. arguments: COMMAND...
ask_api_server() {
  local code errors last chosen limit=0 start=""
  errors=$(mktemp)
  while true; do
    : >"$errors"
    {
      if "$@" 2>&1 >&3 3>&- | show_lines "$errors"; then code=0; else code=${PIPESTATUS[0]}; fi
    } 3>&1
    last=$(print_last_line "$errors" || true)
    chosen=$(choose_limit "$last")
    if [ "$code" = 0 ] || [ -z "$chosen" ]; then break; fi
    [ "$chosen" -le "$limit" ] || limit=$chosen
    [ -n "$start" ] || warn_of_outage "$limit" "$last"
    start=${start:-$SECONDS}
    if [ "$SECONDS" -ge $((start + limit)) ]; then
      print_lasting_failure "$limit" "$last"
      break
    fi
    sleep 1
  done
  rm -f "$errors"
  return "$code"
}
