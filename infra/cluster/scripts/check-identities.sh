#!/usr/bin/env bash
# Runs on the operator's machine after all hosts were inspected: reports hosts that are one machine, or its copy.
# input: IDENTITIES (lines "NAME ADDRESS MACHINE_ID HOSTNAME")
set -euo pipefail

declare -A by_machine=() by_name=()
while read -r name address machine hostname; do
  by_machine[$machine]+="${by_machine[$machine]:+, }$name ($address)"
  by_name[$hostname]+="${by_name[$hostname]:+, }$name ($address)"
done <<<"$IDENTITIES"

for hostname in "${!by_name[@]}"; do
  [[ "${by_name[$hostname]}" != *,* ]] ||
    echo "warning: ${by_name[$hostname]} have the same host name, $hostname; logs and monitoring confuse them" >&2
done

code=0
for machine in "${!by_machine[@]}"; do
  [[ "${by_machine[$machine]}" == *,* && "$machine" != unknown ]] || continue
  echo "${by_machine[$machine]} have the same /etc/machine-id, $machine: they are one machine, or copies of one. Name a" \
    "machine once. On a copy run rm /etc/machine-id; systemd-machine-id-setup; reboot" >&2
  code=1
done
exit "$code"
