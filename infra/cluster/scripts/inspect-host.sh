#!/usr/bin/env bash
# Runs on a host before any host is changed: reports everything that prevents it from becoming a node. Changes nothing.
# input: HOST, LOGIN, OWNER (see host-owner.sh), NODE_NAME, POD_RANGE, POD_NETWORK (see pod-network.sh),
#        PORTS (that the node will listen on)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/pod-network.sh"

problems=()
add_problem() { problems+=("$*"); }

check_system() {
  local program missing=()
  [ "$(id -u)" = 0 ] || add_problem "$(id -un) is not root; the scripts change /etc, /usr and systemd and use no sudo"
  [ -d /run/systemd/system ] || add_problem "systemd is not running; the node's services need it"
  for program in systemctl tar ip iptables conntrack mount runc; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [ "${#missing[@]}" = 0 ] || add_problem "these programs are missing: ${missing[*]}"
}

check_identity() {
  local file=/etc/kubernetes/mixcpt-node now="$NODE_NAME with pods in $POD_RANGE"
  if [ -f "$file" ] && [ "$(cat "$file")" != "$now" ]; then
    add_problem "is $(cat "$file") and cannot become $now;" \
      "remove it from the inventory, run ./mixcpt cluster up, then add it again"
  fi
}

check_pod_network() {
  local difference
  difference=$(describe_other_pod_network)
  [ -z "$difference" ] || add_problem "$difference"
}

# Prints the containers that containerd runs, as NAMESPACE/ID.
list_containers() {
  local task
  for task in /run/containerd/io.containerd.runtime.v2.task/*/*; do
    [ ! -d "$task" ] || echo "${task#/run/containerd/io.containerd.runtime.v2.task/}"
  done
}

check_containers() {
  local containers namespaces
  containers=$(list_containers)
  [ -n "$containers" ] || return 0
  namespaces=$(cut -d/ -f1 <<<"$containers" | sort -u | tr '\n' ' ')
  add_problem "containerd runs $(wc -l <<<"$containers") containers of another owner (namespaces: ${namespaces% });" \
    "the node needs a containerd of its own, so stop them first"
}

# containerd uses the first configuration by name.
check_cni() {
  local file
  for file in /etc/cni/net.d/*.conf /etc/cni/net.d/*.conflist; do
    [[ ! -f "$file" || "${file##*/}" > 10-mixcpt.conflist ]] ||
      add_problem "$file configures another pod network and would be used first; move it away"
  done
}

# /proc/net lists local addresses as HEXADDRESS:HEXPORT; 0A is the state LISTEN.
check_ports() {
  local port hex
  for port in $PORTS; do
    hex=$(printf ':%04X 0*:0000 0A' "$port")
    ! grep -qs "$hex" /proc/net/tcp /proc/net/tcp6 ||
      add_problem "port $port is already in use; Kubernetes needs it"
  done
}

check_ownership() {
  if has_owner; then
    if is_own_host; then check_pod_network; else add_problem "$(describe_other_owner)"; fi
  elif ! is_node_without_owner; then # such a node belongs to this state or is refused when its software is sent
    [ -z "$(list_kubernetes_files)" ] || add_problem "$(describe_other_kubernetes)"
    check_containers
    check_cni
    check_ports
  fi
}

check_system
check_identity
check_ownership
[ "${#problems[@]}" = 0 ] || {
  echo "$HOST cannot become a node:" >&2
  printf '  %s\n' "${problems[@]}" >&2
  exit 1
}
