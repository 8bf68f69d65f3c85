#!/usr/bin/env bash
# Runs on the first node: prints the command that joins one other node. Every node gets a separate token.
# input: HOST, LOGIN, OWNER (see host-owner.sh); NODE_NAME, ADDRESS and MACHINE_ID (see prepare-node.sh) of that node
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"

export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl=/usr/local/bin/kubectl

# A reinstalled machine is still known as the node that it was, for some time as Ready, and kubeadm then refuses to join
# it. That node is gone: its address belongs to another system now. A node at another address may still run.
delete_former_node() {
  local known query='{.status.nodeInfo.machineID} {.status.addresses[?(@.type=="InternalIP")].address}'
  known=$(ask_api_server $kubectl get node "$NODE_NAME" --ignore-not-found --output=jsonpath="$query")
  [[ -n "$MACHINE_ID" && "$known" == *" $ADDRESS" && "$known" != "$MACHINE_ID "* ]] || return 0
  ask_api_server $kubectl delete node "$NODE_NAME" --ignore-not-found >&2
}

require_owner
delete_former_node
ask_api_server /usr/local/bin/kubeadm token create --ttl 24h --print-join-command
