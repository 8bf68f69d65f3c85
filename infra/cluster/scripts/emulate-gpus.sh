#!/usr/bin/env bash
# Runs on the first node: makes a node report GPUs that it does not have. Work on that node runs on the CPU.
# input: HOST, LOGIN, OWNER (see host-owner.sh), NODE_NAME, DEVICES, DEVICE_ID (PCI)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl=/usr/local/bin/kubectl

require_owner
# A kubelet registers its node a moment after it has joined, on a busy machine a minute later.
ask_api_server $kubectl wait --for=create "node/$NODE_NAME" --timeout=300s >/dev/null
ask_api_server $kubectl label node "$NODE_NAME" --overwrite "amd.com/gpu.device-id=$DEVICE_ID" \
  mixcpt.io/emulated-gpu=true >/dev/null
ask_api_server $kubectl patch node "$NODE_NAME" --subresource=status --type=merge \
  --patch "{\"status\":{\"capacity\":{\"amd.com/gpu\":\"$DEVICES\"},\"allocatable\":{\"amd.com/gpu\":\"$DEVICES\"}}}"
