# shellcheck shell=bash
# Functions that find addresses for the local hosts of one instance.
# input: NETWORK (a.b.0.0/16, of which an instance uses one a.b.c.0/24; default 10.89.0.0/16)
network="${NETWORK:-10.89.0.0/16}"
first_part="${network%.0.0/16}" # a.b

fail() {
  echo "$*" >&2
  exit 1
}

# Prints the routes of this machine, in any table, that contain a network ("match") or that are in it ("root"): LANs, VPNs,
# pod networks, other instances. Default routes (also in parts, as some VPNs set them) do not count, nor those that
# network-up.sh leaves.
list_routes() {
  ip -4 route show table all "$1" "$2" |
    grep -vE '^([a-z]+ )?(default|[0-9.]+/[1-7]) |^unreachable .* metric 9999' || true
}

list_overlapping_routes() { list_routes match "$1"; list_routes root "$1"; }

# argument: the a.b.c of existing hosts
require_in_network() {
  [[ "$1" == "$first_part".* ]] ||
    fail "the local hosts use $1.0/24, which is not in $network; run ./mixcpt down before their network changes"
}

refuse_network() {
  fail "$network: no /24 of it is free for local hosts, because this machine uses these addresses:" \
    "$(list_overlapping_routes "$network" | head -n 1);" \
    "set another network in the stack's file, below mixcpt-infra:cluster, for example network: 172.31.0.0/16," \
    "or remove other clusters of local hosts with ./mixcpt down"
}

# Prints a.b.c, the first of 256 /24 networks that no route overlaps. The search starts at one derived from the instance.
# argument: INSTANCE (hexadecimal)
find_free_prefix() {
  local first=$((16#${1:0:2})) n
  [ -z "$(list_routes match "$network")" ] || refuse_network
  for n in $(seq "$first" 255) $(seq 0 "$((first - 1))"); do
    [ -n "$(list_overlapping_routes "$first_part.$n.0/24")" ] || { echo "$first_part.$n"; return; }
  done
  refuse_network
}
