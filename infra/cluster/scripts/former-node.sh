# shellcheck shell=bash
# Part of scripts that admit a node.
# input: NODE_NAME, ADDRESS and MACHINE_ID (see prepare-node.sh) of that node
kubectl=/usr/local/bin/kubectl

# A reinstalled machine is still known as the node that it was, for some time as Ready, and kubeadm then refuses to join
# it. That node is gone: its address belongs to another system now. A node at another address may still run.
delete_former_node() {
  local known query='{.status.nodeInfo.machineID} {.status.addresses[?(@.type=="InternalIP")].address}'
  known=$(ask_api_server $kubectl get node "$NODE_NAME" --ignore-not-found --output=jsonpath="$query")
  [[ -n "$MACHINE_ID" && "$known" == *" $ADDRESS" && "$known" != "$MACHINE_ID "* ]] || return 0
  ask_api_server $kubectl delete node "$NODE_NAME" --ignore-not-found >&2
}
