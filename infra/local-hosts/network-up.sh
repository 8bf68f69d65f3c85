#!/usr/bin/env bash
# Connects the local hosts of one instance with each other and with this machine, and prints
# {"bridge","gateway","prefix"}. Safe to repeat.
# The bridge is in a network namespace: what hosts send each other does not meet the firewall of this machine (Docker's,
# ufw's, firewalld's), and what they send to other addresses ends there and does not leave this machine.
# input: INSTANCE (short id, unique per checkout and stack), OWNER (shown in the device's alias),
#        NETWORK (a.b, of which the instance uses one a.b.c.0/24)
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
name="mx$INSTANCE" # of the namespace, and of this machine's network device
network="${NETWORK:-10.89}"

fail() {
  echo "$*" >&2
  exit 1
}

# Prints the routes of this machine, in any table, that overlap a network, except default routes (also in parts, as VPNs
# set them) and routes that this script left.
list_overlapping_routes() {
  { ip -4 route show table all root "$1"; ip -4 route show table all match "$1"; } |
    grep -vE '^([a-z]+ )?(default|[0-9.]+/[1-7]) |^unreachable .* metric 9999' || true
}

# Prints a.b.c, the first of 256 /24 networks that no route overlaps. The search starts at one derived from the instance.
find_free_prefix() {
  local first=$((16#${INSTANCE:0:2})) n
  for n in $(seq "$first" 255) $(seq 0 "$((first - 1))"); do
    [ -n "$(list_overlapping_routes "$network.$n.0/24")" ] || { echo "$network.$n"; return; }
  done
  fail "all networks of $network.0.0/16 are in use, for example by this route:" \
    "$(list_overlapping_routes "$network.0.0/16" | head -n 1); set another one, network: 172.31.0.0/16 for example," \
    "in the stack's file below mixcpt-infra:cluster, or remove other clusters of local hosts with ./mixcpt down"
}

# Prints a.b.c if the network is complete: this machine's address in it is added last.
read_prefix() {
  [ -e "/run/netns/$name" ] || return 0
  ip -4 -o address show dev "$name" 2>/dev/null | sed -nE 's/.* ([0-9]+\.[0-9]+\.[0-9]+)\.1\/24.*/\1/p'
}

make_bridge() {
  ip netns add "$name"
  ip -n "$name" link add bridge type bridge
  ip -n "$name" address add "$1.254/24" dev bridge
  ip -n "$name" link set lo up
  ip -n "$name" link set bridge up
  ip netns exec "$name" sysctl -q -w net.ipv4.ip_forward=1 # refuses other addresses at once, instead of dropping
}

connect_machine() {
  # Without the device, as after `down`, requests to the hosts end here and not at a default route.
  ip route replace unreachable "$1.0/24" metric 9999
  ip link add "$name" type veth peer name machine netns "$name"
  ip -n "$name" link set machine master bridge up
  ip link set "$name" alias "mixcpt $OWNER" up
  ip address add "$1.1/24" dev "$name"
}

# A program that listens is not needed: the bridge refuses the connection, a firewall drops it.
require_connection() {
  local status=0 route
  route=$(ip -4 route get "$1.254" | head -n 1)
  [[ "$route" == *" dev $name "* ]] || fail "this machine sends requests to the local hosts elsewhere ($route);" \
    "a VPN or a rule of 'ip rule' prevents the cluster: exclude $1.0/24 there"
  timeout 5 bash -c ": <>/dev/tcp/$1.254/22" 2>/dev/null || status=$?
  [ "$status" != 124 ] || fail "this machine's firewall drops its own requests to the local hosts ($1.0/24);" \
    "allow output and established input on the device $name (iptables -S, nft list ruleset)"
}

prefix=$(read_prefix)
if [ -z "$prefix" ]; then
  "$here/network-down.sh" # leftovers of an interrupted start
  prefix=$(find_free_prefix)
  make_bridge "$prefix"
  connect_machine "$prefix"
fi
require_connection "$prefix"
printf '{"bridge":"%s","gateway":"%s.254","prefix":"%s"}\n' "$name" "$prefix" "$prefix"
