#!/usr/bin/env bash
# Connects the local hosts of one instance with each other and with this machine, and prints
# {"bridge","gateway","prefix"}. Safe to repeat.
# The bridge is in a network namespace: what hosts send each other does not meet the firewall of this machine (Docker's,
# ufw's, firewalld's), and what they send to other addresses ends there and does not leave this machine.
# input: INSTANCE (short id, unique per checkout and stack), OWNER (shown in the device's alias),
#        NETWORK (see free-network.sh)
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=/dev/null
source "$here/free-network.sh"
name="mx$INSTANCE" # of the namespace, and of this machine's network device

# Prints a.b.c if the network is complete: this machine's address in it is added last.
read_prefix() {
  [ -e "/run/netns/$name" ] || return 0
  ip -4 -o address show dev "$name" 2>/dev/null | sed -nE 's/.* ([0-9]+\.[0-9]+\.[0-9]+)\.1\/24.*/\1/p'
}

# Loads what Kubernetes needs and the hosts cannot load. The hosts alone get the rules for bridges: in the machine they
# would apply to bridges that had none before.
load_modules() {
  local name
  modprobe --quiet --all overlay nf_conntrack || true # may be built in
  [ ! -d /proc/sys/net/bridge ] && modprobe --quiet br_netfilter || return 0
  for name in iptables ip6tables arptables; do
    sysctl -q -w "net.bridge.bridge-nf-call-$name=0"
  done
}

make_bridge() {
  ip netns add "$name"
  ip -n "$name" link add bridge type bridge
  ip -n "$name" address add "$1.254/24" dev bridge
  ip -n "$name" link set lo up
  ip -n "$name" link set bridge up
  # Requests to other addresses are refused at once. Without forwarding they would be dropped.
  ip netns exec "$name" sysctl -q -w net.ipv4.ip_forward=1
}

connect_machine() {
  # Without the device, as after `down`, requests to the hosts end at this route and not at a default route.
  ip route replace unreachable "$1.0/24" metric 9999
  ip link add "$name" type veth peer name machine netns "$name"
  ip -n "$name" link set machine master bridge up
  ip link set "$name" alias "mixcpt $OWNER" up
  ip address add "$1.1/24" dev "$name"
}

refuse_connection() {
  "$here/network-down.sh"
  fail "$@"
}

# The bridge refuses a connection at once; a firewall drops it.
require_connection() {
  local status=0 route
  route=$(ip -4 route get "$1.254" 2>&1 | head -n 1)
  [[ "$route" == *" dev $name "* ]] || refuse_connection "this machine sends requests to its local hosts ($1.0/24)" \
    "elsewhere: $route; a VPN or a rule (ip rule) causes it: exclude these addresses there"
  timeout 30 bash -c ": <>/dev/tcp/$1.254/22" 2>/dev/null || status=$?
  [ "$status" != 124 ] || refuse_connection "the firewall of this machine drops its own requests to its local hosts" \
    "($1.0/24): allow output, and input of established connections, on the devices mx+ (iptables -S, nft list ruleset)"
}

prefix=$(read_prefix)
if [ -z "$prefix" ]; then
  "$here/network-down.sh" # leftovers of an interrupted start
  prefix=$(find_free_prefix "$INSTANCE")
  load_modules
  make_bridge "$prefix"
  connect_machine "$prefix"
  require_connection "$prefix"
fi
require_in_network "$prefix"
printf '{"bridge":"%s","gateway":"%s.254","prefix":"%s"}\n' "$name" "$prefix" "$prefix"
