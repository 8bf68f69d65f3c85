#!/usr/bin/env bash
# Runs on the first node: makes a node say that it has GPUs. There are none behind it: the work runs on the CPU.
# input: NODE_NAME, DEVICES, DEVICE_ID (PCI)
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl wait --for=create "node/$NODE_NAME" --timeout=60s >/dev/null # a kubelet that has joined tells of its node a moment later
kubectl label node "$NODE_NAME" --overwrite "amd.com/gpu.device-id=$DEVICE_ID" mixcpt.io/emulated-gpu=true >/dev/null
kubectl patch node "$NODE_NAME" --subresource=status --type=merge \
  --patch "{\"status\":{\"capacity\":{\"amd.com/gpu\":\"$DEVICES\"},\"allocatable\":{\"amd.com/gpu\":\"$DEVICES\"}}}"
