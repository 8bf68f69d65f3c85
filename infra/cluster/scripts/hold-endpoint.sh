#!/usr/bin/env bash
# Runs on a control plane: lets it take the endpoint's address, and waits until the API answers there. Safe to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh), ADDRESS, ENDPOINT, HELD_ADDRESS (see endpoint.sh),
#        MANIFEST (of the static pod that holds the address; empty if a load balancer has it),
#        CONTROL_PLANES (lines "NAME ADDRESS")
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/endpoint.sh"

# kube-vip takes an address away that the machine has when it starts, that of take_address too.
write_manifest() {
  local file=/etc/kubernetes/manifests/kube-vip.yaml device
  [ -n "$MANIFEST" ] || return 0
  echo "$HELD_ADDRESS" >/etc/mixcpt/endpoint # for reset-node.sh
  device=$(find_device "$ADDRESS")
  (umask 077 && echo "${MANIFEST//@DEVICE@/$device}" >/etc/mixcpt/kube-vip.yaml)
  cmp -s /etc/mixcpt/kube-vip.yaml "$file" || mv /etc/mixcpt/kube-vip.yaml "$file"
  rm -f /etc/mixcpt/kube-vip.yaml
}

is_endpoint_ready() {
  /usr/local/bin/kubectl --kubeconfig=/etc/kubernetes/admin.conf --request-timeout=30s get --raw /readyz >/dev/null 2>&1
}

await_endpoint() {
  local end=$((SECONDS + 180))
  until is_endpoint_ready; do
    [ "$SECONDS" -lt "$end" ] || fail "the API does not answer at $ENDPOINT within 180 s. A load balancer must lead" \
      "there to port 6443 of every control plane; with kube-vip, ./mixcpt kubectl has its log in kube-system"
    sleep 1
  done
}

require_owner
echo "$CONTROL_PLANES" >/etc/mixcpt/control-planes # for mixcpt-etcd-restore
write_manifest
await_endpoint
