#!/usr/bin/env bash
# Stops one host of this machine and removes every trace of it, also after an interrupted start. Safe to repeat.
# input: HOST, DIRECTORY, KEEP_DISK ("yes" for a host that starts again with its disk)
set -euo pipefail

# shellcheck source=/dev/null
source "$(dirname "$(readlink -f "$0")")/cgroups.sh"

# A process that waits for a busy disk ends only when it has its answer.
kill_processes() {
  local pid end=$((SECONDS + 60))
  while [ "$SECONDS" -lt "$end" ]; do
    [ -n "$(list_processes)" ] || return 0
    for pid in $(list_processes); do kill -9 "$pid" 2>/dev/null || true; done
    sleep 0.05
  done
  echo "could not kill these processes of $HOST: $(list_processes | tr '\n' ' ')" >&2
  return 1
}

# Moves the disk away at once, then deletes its hundred thousand files in the background.
remove_disk() {
  local trash
  [ -d "$DIRECTORY" ] || return 0
  trash="$(dirname "$DIRECTORY")/.removing-$HOST-$$"
  mv "$DIRECTORY" "$trash"
  setsid nohup nice rm -rf --one-file-system "$(dirname "$DIRECTORY")"/.removing-* </dev/null >/dev/null 2>&1 &
}

kill_processes
ip -n "${HOST%-*}" link delete "$HOST" 2>/dev/null || true
ip netns delete "$HOST" 2>/dev/null || true
remove_cgroups
[ "${KEEP_DISK:-}" = yes ] || remove_disk
