#!/usr/bin/env bash
# Checks of a machine's names and addresses, for inspect-host.sh. They read and change nothing.
# input: see inspect-host.sh

list_addresses() { ip -4 -o address show scope global | sed -n 's/.* inet \([0-9.]*\).*/\1/p'; }

check_address() {
  local addresses
  addresses=$(list_addresses | tr '\n' ' ')
  [[ " $addresses" == *" $ADDRESS "* ]] || add_problem "$ADDRESS is not an address of this machine (it has" \
    "${addresses:-none}); nodes tell each other this address, so write one of these, and a bastion if the operator's" \
    "machine does not reach it"
}

check_name() {
  local other
  other=$(getent ahostsv4 "$NODE_NAME" | sed -n '1s/ .*//p') || true
  [ -z "$other" ] || [[ "$other" == 127.* ]] || grep -qx "$other" <<<"$(list_addresses)" ||
    warn "$NODE_NAME is another machine's name here ($other); correct /etc/hosts or DNS, or choose another name"
}

# Prints an IPv4 address as a number.
print_number() {
  local a b c d
  IFS=. read -r a b c d <<<"$1"
  echo $(((a << 24) + (${b:-0} << 16) + (${c:-0} << 8) + ${d:-0}))
}

# True if the second range contains the first, or a part of it. arguments: RANGE RANGE
is_within() {
  local prefix=${2#*/} length=${1#*/}
  [ "$1" != "$length" ] || length=32
  [ "$length" -ge "$prefix" ] || return 1
  [ $(($(print_number "${1%/*}") >> (32 - prefix))) = $(($(print_number "${2%/*}") >> (32 - prefix))) ]
}

# Routes of the pods of others: another cluster, a VPN, a LAN. A wider route is no conflict, because the routes to pods
# are more specific.
check_ranges() {
  local destination rest range
  for range in ${POD_NETWORK#* }; do
    while read -r destination rest; do
      [[ "$destination" =~ ^[0-9.]+(/[0-9]+)?$ ]] || continue
      ! is_within "$destination" "$range" || add_problem "its route $destination ${rest% } overlaps $range, the range of pods or services of this cluster;" \
        "choose other ranges, or end what set the route"
    done < <(ip -4 route show)
    while read -r destination; do
      ! is_within "$destination" "$range" || add_problem "its nameserver $destination is in $range, the range of pods" \
        "or services of this cluster"
    done < <(sed -n 's/^nameserver *\([0-9.]*\)$/\1/p' /etc/resolv.conf 2>/dev/null)
  done
}
