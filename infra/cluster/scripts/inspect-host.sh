#!/usr/bin/env bash
# Runs on a host before any host is changed: reports everything that prevents it from becoming a node, and warns of what
# may. Changes nothing. Prints "MACHINE_ID HOSTNAME".
# input: HOST, LOGIN, OWNER (see host-owner.sh), HOST_KIND ("local" or "hosts"), NODE_NAME, ADDRESS, POD_RANGE,
#        POD_NETWORK (see pod-network.sh), PORTS (that the node will listen on: "6443 8472/udp"),
#        MODULES (of the kernel), DRIVERS (patterns of versions of amdgpu; empty without GPUs),
#        STORE (the folder that all nodes share; empty if a storage class provides it),
#        OPERATOR_TIME (seconds), SUDO_PROBLEM (why the user cannot become root; empty if it can)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/pod-network.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/machine-checks.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/address-checks.sh"

problems=()
add_problem() { problems+=("$*"); }
warn() { echo "warning: $HOST: $*" >&2; }

check_system() {
  local user
  user=$(id -un 2>/dev/null) || user="user $(id -u)"
  [ -z "$SUDO_PROBLEM" ] || add_problem "$user cannot become root without a password ($SUDO_PROBLEM); allow it in" \
    "/etc/sudoers.d/$user: $user ALL=(ALL) NOPASSWD: ALL"
  [ -d /run/systemd/system ] || add_problem "systemd is not running; the node's services need it"
  check_programs
}

# A network that differs changes the range as well. It is corrected in the file and not by removing the machine.
check_identity() {
  local file=/etc/kubernetes/mixcpt-node now="$NODE_NAME with pods in $POD_RANGE" difference
  difference=$(describe_other_pod_network)
  if [ -n "$difference" ]; then
    add_problem "$difference"
  elif [ -f "$file" ] && [ "$(cat "$file")" != "$now" ]; then
    add_problem "is $(cat "$file") and cannot become $now;" \
      "remove it from the inventory, run ./mixcpt cluster up, then add it again"
  fi
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

# True if a program or the kernel (VXLAN) listens on a port. /proc/net lists local addresses as HEXADDRESS:HEXPORT; the
# state of a TCP socket that listens is 0A, that of a UDP socket without a peer 07. arguments: PORT tcp|udp
is_listening() {
  local state=0A
  [ "$2" = tcp ] || state=07
  grep -qs "$(printf ':%04X 0*:0000 %s' "$1" "$state")" "/proc/net/$2" "/proc/net/${2}6"
}

check_ports() {
  local entry port protocol
  for entry in $PORTS; do
    port=${entry%/*} protocol=tcp
    [ "$entry" = "$port" ] || protocol=${entry#*/}
    ! is_listening "$port" "$protocol" ||
      add_problem "port $entry is already in use$(print_listener "$port" "$protocol"); Kubernetes needs it"
  done
}

# Prints " by PROGRAM" if the program that listens on a port can be told. arguments: PORT tcp|udp
print_listener() {
  ss -Hlnp "--$2" "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)".*/ by \1/p' | head -n 1
}

# Local hosts share the machine on which cluster up runs with its other programs; there the user decides.
check_machine() {
  [ "$HOST_KIND" = hosts ] || return 0
  check_distribution
  check_modules
  check_cgroups
  check_time
  check_disks
  check_store
  check_capacity
  check_swap
  check_firewalls
  check_driver
  check_address
  check_name
  check_ranges
}

check_ownership() {
  if has_owner; then
    if is_own_host; then check_identity; else add_problem "$(describe_other_owner)"; fi
  elif is_node_without_owner; then # it belongs to this state or is refused when its software is sent
    check_identity
  else
    [ -z "$(list_kubernetes_files)" ] || add_problem "$(describe_other_kubernetes)"
    check_containers
    check_cni
    check_ports
    check_machine
  fi
}

check_system
check_ownership
[ "${#problems[@]}" = 0 ] || {
  echo "$HOST cannot become a node:" >&2
  printf '  %s\n' "${problems[@]}" >&2
  exit 1
}
echo "$(cat /etc/machine-id 2>/dev/null || echo unknown) $(uname -n)"
