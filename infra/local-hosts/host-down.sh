#!/usr/bin/env bash
# Ends one host of this machine and removes every trace of it, also what a killed start left. Safe to repeat.
# input: HOST, DIRECTORY
set -euo pipefail

processes() { # every process of the host is in its cgroup, whoever started it
  find "/sys/fs/cgroup/systemd/$HOST" -name cgroup.procs -exec cat {} + 2>/dev/null || true
}

end_processes() {
  local pid
  for _ in $(seq 200); do
    [ -n "$(processes)" ] || return 0
    for pid in $(processes); do kill -9 "$pid" 2>/dev/null || true; done
    sleep 0.05
  done
  echo "processes of $HOST do not end: $(processes | tr '\n' ' ')" >&2
  return 1
}

remove_cgroups() {
  local hierarchy
  for hierarchy in /sys/fs/cgroup/*/; do
    [ ! -d "$hierarchy$HOST" ] || find "$hierarchy$HOST" -depth -type d -exec rmdir {} + 
  done
}

remove_disk() { # at once out of the way; its hundred thousand files then go in the background
  local trash
  [ -d "$DIRECTORY" ] || return 0
  trash="$(dirname "$DIRECTORY")/.removing-$HOST-$$"
  mv "$DIRECTORY" "$trash"
  setsid nohup nice rm -rf --one-file-system "$(dirname "$DIRECTORY")"/.removing-* </dev/null >/dev/null 2>&1 &
}

end_processes
ip link delete "$HOST" 2>/dev/null || true
ip netns delete "$HOST" 2>/dev/null || true
remove_cgroups
remove_disk
