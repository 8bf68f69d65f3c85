#!/usr/bin/env bash
# Runs on the first node: prints the command that joins one other node. Every node gets a separate token.
# input: HOST, LOGIN, OWNER (see host-owner.sh), NODE_NAME, ADDRESS
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"

export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl=/usr/local/bin/kubectl

has_kubelet() { timeout 5 bash -c ": <>/dev/tcp/$ADDRESS/10250" 2>/dev/null; }

# A reinstalled machine is still known as the node that it was, for some time as Ready, and kubeadm then refuses to join
# it. That node is gone: no kubelet listens at its address any more.
delete_former_node() {
  local address='{.status.addresses[?(@.type=="InternalIP")].address}'
  [ "$(ask_api_server $kubectl get node "$NODE_NAME" --ignore-not-found --output=jsonpath="$address")" = "$ADDRESS" ] || return 0
  has_kubelet || ask_api_server $kubectl delete node "$NODE_NAME" --ignore-not-found >&2
}

require_owner
delete_former_node
ask_api_server /usr/local/bin/kubeadm token create --ttl 24h --print-join-command
