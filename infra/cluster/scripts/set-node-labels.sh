#!/usr/bin/env bash
# Runs on the first node: gives another node, or itself, the labels and taints of the inventory, and takes back those
# that the inventory had before. Labels and taints that others set stay as they are. Safe to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh), NODE_NAME, LABELS (JSON), TAINTS (lines "KEY=VALUE:EFFECT")
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl=/usr/local/bin/kubectl

read_node() { ask_api_server $kubectl get node "$NODE_NAME" --output="$1"; }

# Prints the taints of the inventory that an earlier run set.
list_former_taints() { read_node 'jsonpath={.metadata.annotations.mixcpt\.io/taints}' | tr ' ' '\n' | sed '/^$/d'; }

list_taints() { read_node 'jsonpath={range .spec.taints[*]}{.key}={.value}:{.effect}{"\n"}{end}'; }

remove_former_taints() {
  local taint
  while read -r taint; do
    # The exact one: an equal key with another value is somebody else's.
    if grep -qxF -- "$taint" <<<"$present" && ! grep -qxF -- "$taint" <<<"$TAINTS"; then
      ask_api_server $kubectl taint node "$NODE_NAME" "${taint%%=*}:${taint##*:}-" >/dev/null
    fi
  done <<<"$former"
}

add_taints() {
  local taint
  while read -r taint; do
    if [ -z "$taint" ] || grep -qxF -- "$taint" <<<"$present"; then continue; fi
    ask_api_server $kubectl taint node "$NODE_NAME" "$taint" >/dev/null ||
      fail "$NODE_NAME has another taint of this key and effect, which somebody else set; $taint was not set." \
        "Remove it (./mixcpt kubectl taint node $NODE_NAME ${taint%%=*}:${taint##*:}-), or change the inventory"
  done <<<"$TAINTS"
}

# The API server removes labels of this field manager that are not applied any more, and refuses those of others.
apply_labels() {
  ask_api_server print_and_apply >/dev/null ||
    fail "$NODE_NAME has one of the labels $LABELS, which somebody else set with another value. Remove it" \
      "(./mixcpt kubectl label node $NODE_NAME KEY-), or change the inventory"
}

print_and_apply() {
  $kubectl apply --server-side --field-manager=mixcpt-inventory --filename=- <<JSON
{"apiVersion": "v1", "kind": "Node",
 "metadata": {"name": "$NODE_NAME", "labels": $LABELS, "annotations": {"mixcpt.io/taints": "${TAINTS//$'\n'/ }"}}}
JSON
}

require_owner
# A kubelet registers its node a moment after it has joined. An apply alone would create the node.
ask_api_server $kubectl wait --for=create "node/$NODE_NAME" --timeout=300s >/dev/null
former=$(list_former_taints)
present=$(list_taints)
remove_former_taints
add_taints
apply_labels
