#!/usr/bin/env bash
# Runs on the first node before another node is reset: evicts the pods of that node, as its PodDisruptionBudgets allow.
# input: HOST, LOGIN, OWNER (see host-owner.sh), NODE_NAME, SECONDS_TO_DRAIN
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl=/usr/local/bin/kubectl

# A cluster that was not completed has no node to drain, and one of another owner is not this script's.
is_own_host && [ -f /etc/kubernetes/initialised ] || exit 0
[ -n "$(ask_api_server $kubectl get node "$NODE_NAME" --ignore-not-found --output=name)" ] || exit 0
ask_api_server $kubectl drain "$NODE_NAME" --ignore-daemonsets --delete-emptydir-data \
  --timeout="${SECONDS_TO_DRAIN}s" >&2 || {
  echo "$NODE_NAME still runs pods after $SECONDS_TO_DRAIN seconds and was not removed. It accepts no new pods." \
    "Run the command again when they have ended, or keep the node: add it to the inventory again and run" \
    "./mixcpt kubectl uncordon $NODE_NAME" >&2
  exit 1
}
