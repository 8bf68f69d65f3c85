#!/usr/bin/env bash
# Creates the bridge that connects the local hosts of one instance and prints {"bridge","gateway","prefix"}.
# input: INSTANCE (short id, unique per checkout and stack), OWNER (shown in the bridge's alias)
set -euo pipefail

# Prints 10.89.N, the first of 256 /24 networks that no route uses. The search starts at one derived from the instance.
find_free_prefix() {
  local first=$((16#${INSTANCE:0:2})) n
  for n in $(seq "$first" 255) $(seq 0 "$((first - 1))"); do
    [ -z "$(ip route show root "10.89.$n.0/24")" ] && { echo "10.89.$n"; return; }
  done
  echo "all networks of 10.89.0.0/16 are in use; remove other instances with ./mixcpt down" >&2
  return 1
}

bridge="mx$INSTANCE"
if ip link show "$bridge" >/dev/null 2>&1; then
  prefix=$(ip -4 -o address show dev "$bridge" | sed -nE 's/.* ([0-9]+\.[0-9]+\.[0-9]+)\.1\/24.*/\1/p')
else
  ip link add "$bridge" type bridge
  ip link set "$bridge" alias "mixcpt $OWNER"
fi
if [ -z "${prefix:-}" ]; then
  prefix=$(find_free_prefix)
  ip address add "$prefix.1/24" dev "$bridge"
fi
ip link set "$bridge" up
printf '{"bridge":"%s","gateway":"%s.1","prefix":"%s"}\n' "$bridge" "$prefix" "$prefix"
