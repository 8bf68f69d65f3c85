#!/usr/bin/env bash
# Runs on the operator's machine: makes a node of an existing cluster report GPUs that it does not have. Work on that
# node runs on the CPU.
# input: KUBECONFIG_TEXT, NODE_NAME (see existing-node.sh), CLUSTER, DEVICES, DEVICE_ID (PCI)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/existing-node.sh"

emulation=$(read_emulation)
devices=${emulation#*|}
if [ "${emulation%%|*}" != "$CLUSTER" ] && [ "${devices:-0}" != 0 ]; then
  echo "$HOST reports $devices amd.com/gpu already, and not by $CLUSTER; remove it from devices.emulated" >&2
  exit 1
fi
# The owner comes first, so that an interrupted attempt can be repeated.
ask_api_server kubectl annotate node "$NODE_NAME" --overwrite "mixcpt.io/emulated-by=$CLUSTER" >/dev/null
ask_api_server kubectl label node "$NODE_NAME" --overwrite "amd.com/gpu.device-id=$DEVICE_ID" \
  mixcpt.io/emulated-gpu=true >/dev/null
set_devices "\"$DEVICES\""
