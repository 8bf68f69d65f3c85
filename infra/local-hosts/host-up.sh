#!/usr/bin/env bash
# Starts one host of this machine: systemd as PID 1 and sshd in separate namespaces and cgroups.
# input: HOST (unique name), DIRECTORY (its disk), ROOTFS (read-only Debian root), STORE (shared directory),
#        BRIDGE (network namespace of network-up.sh), ADDRESS (a.b.c.d), GATEWAY, KEY (file of the private key that may log in as root),
#        KEEP_DISK ("yes" for a host that starts again, with its disk)
# prints {"address","hostKey","pid"}
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=/dev/null
source "$here/cgroups.sh"

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

# On a small machine the control plane would wait for minutes while containerd unpacks images.
put_containerd_last() {
  local folder="$DIRECTORY/upper/etc/systemd/system/containerd.service.d"
  mkdir -p "$folder"
  printf '[Service]\nCPUWeight=10\nIOWeight=10\n' >"$folder/local-hosts.conf"
}

make_network() {
  ip netns add "$HOST"
  ip -n "$BRIDGE" link add "$HOST" type veth peer name eth0 netns "$HOST"
  ip -n "$BRIDGE" link set "$HOST" master bridge up
  ip -n "$HOST" address add "$ADDRESS/24" dev eth0
  ip -n "$HOST" link set lo up
  ip -n "$HOST" link set eth0 up
  ip -n "$HOST" route add default via "$GATEWAY"
  ip netns exec "$HOST" sysctl -q -w net.ipv4.ip_forward=1
}

# Prints the process ID, outside of the host, of its PID 1: the first child of a shell that has unshared its PID
# namespace. No other process of the host remains outside. The shell is not bash: that runs ~/.bashrc if it takes itself
# for one of SSH, and the first program there would be PID 1.
start_host() {
  # Not `ip netns exec`: it would hide the cgroup mounts behind a new /sys.
  # shellcheck disable=SC2016
  setsid --wait nsenter --net="/run/netns/$HOST" unshare --mount --pid --uts --ipc \
    sh -c '"$0" </dev/null >"$1" 2>&1 & echo $!' "$here/host-start.sh" "$DIRECTORY/console.log"
}

# Waits until PID 1 is systemd. It has ended before if a cgroup or a mount was refused.
await_systemd() {
  local end=$((SECONDS + 120))
  while [ "$SECONDS" -lt "$end" ]; do
    [[ "$(readlink "/proc/$1/exe")" != */systemd ]] || return 0
    [ -d "/proc/$1" ] || break
    sleep 0.05
  done
  echo "host $HOST did not start: $(tail -n 3 "$DIRECTORY/console.log")" >&2
  return 1
}

"$here/host-down.sh" >/dev/null # leftovers of an interrupted start
if [ "${KEEP_DISK:-}" != yes ]; then
  make_disk
  put_containerd_last
fi
make_network
delegate_controllers
pid=$(start_host)
await_systemd "$pid"
host_key=$(cut -d' ' -f1,2 "$DIRECTORY/upper/etc/ssh/ssh_host_ed25519_key.pub")
printf '{"address":"%s","hostKey":"%s","pid":%s}\n' "$ADDRESS" "$host_key" "$pid"
