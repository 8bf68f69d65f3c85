#!/usr/bin/env bash
# Starts one host of this machine: systemd as PID 1 and sshd in separate namespaces and cgroups.
# input: HOST (unique name), DIRECTORY (its disk), ROOTFS (read-only Debian root), STORE (shared directory),
#        BRIDGE, ADDRESS (a.b.c.d), GATEWAY, KEY (file of the private key that may log in as root)
# prints {"address","hostKey","pid"}
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")

make_disk() {
  # The directories of containerd, kubelet and etcd are outside of the overlay: an overlay on an overlay is not allowed.
  mkdir -p "$STORE" \
    "$DIRECTORY"/{upper/etc/ssh,upper/root/.ssh,work,root,disk/containerd,disk/kubelet,disk/etcd,disk/pods}
  chown 1000:1000 "$STORE" # the user of the pods
  echo "$HOST" >"$DIRECTORY/upper/etc/hostname"
  printf '127.0.0.1 localhost\n%s %s\n' "$ADDRESS" "$HOST" >"$DIRECTORY/upper/etc/hosts"
  printf 'nameserver %s\n' "$GATEWAY" >"$DIRECTORY/upper/etc/resolv.conf"
  tr -d - </proc/sys/kernel/random/uuid >"$DIRECTORY/upper/etc/machine-id"
  ssh-keygen -q -A -f "$DIRECTORY/upper" >/dev/null
  cp "$KEY.pub" "$DIRECTORY/upper/root/.ssh/authorized_keys"
  chmod -R go= "$DIRECTORY/upper/root/.ssh"
}

make_network() {
  ip netns add "$HOST"
  ip link add "$HOST" type veth peer name eth0 netns "$HOST"
  ip link set "$HOST" master "$BRIDGE" up
  ip -n "$HOST" address add "$ADDRESS/24" dev eth0
  ip -n "$HOST" link set lo up
  ip -n "$HOST" link set eth0 up
  ip -n "$HOST" route add default via "$GATEWAY"
  ip netns exec "$HOST" sysctl -q -w net.ipv4.ip_forward=1
}

enter_cgroups() {
  local hierarchy file
  for hierarchy in /sys/fs/cgroup/*/; do
    mkdir -p "$hierarchy$HOST"
    for file in cpuset.cpus cpuset.mems; do
      [ ! -f "$hierarchy$HOST/$file" ] || cat "$hierarchy$file" >"$hierarchy$HOST/$file"
    done
    echo "$BASHPID" >"$hierarchy$HOST/cgroup.procs"
  done
}

# Must run in a subshell: a process that has entered the cgroups stays in them.
start_host() {
  enter_cgroups
  # Not `ip netns exec`: it would hide the cgroup mounts behind a new /sys.
  exec setsid nsenter --net="/run/netns/$HOST" \
    unshare --mount --pid --uts --ipc --cgroup --fork --mount-proc --kill-child \
    "$here/host-inside.sh" </dev/null >"$DIRECTORY/console.log" 2>&1
}

# Prints the process ID, outside of the host, of its PID 1.
find_first_process() {
  local leader=$1 child
  for _ in $(seq 100); do
    child=$(cat "/proc/$leader/task/$leader/children" 2>/dev/null || true)
    [ -z "$child" ] || { echo "${child%% *}"; return; }
    sleep 0.05
  done
  echo "host $HOST did not start; see $DIRECTORY/console.log" >&2
  return 1
}

"$here/host-down.sh" >/dev/null # leftovers of an interrupted start
make_disk
make_network
start_host &
pid=$(find_first_process $!)
host_key=$(cut -d' ' -f1,2 "$DIRECTORY/upper/etc/ssh/ssh_host_ed25519_key.pub")
printf '{"address":"%s","hostKey":"%s","pid":%s}\n' "$ADDRESS" "$host_key" "$pid"
