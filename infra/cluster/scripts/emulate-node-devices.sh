#!/usr/bin/env bash
# Runs on the operator's machine: makes a node of an existing cluster report GPUs that it does not have. Work on that
# node runs on the CPU.
# input: KUBECONFIG_TEXT, NODE_NAME (see existing-node.sh), OWNER ("CLUSTER ID ORIGIN", see host-owner.sh), DEVICES,
#        DEVICE_ID (PCI)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/existing-node.sh"

# arguments: OWNER of the devices
describe_other_emulator() {
  local cluster id origin
  read -r cluster id origin <<<"$1"
  echo "reports devices that the cluster $cluster of $origin (id $id) emulates, not this Pulumi state"
}

refuse() {
  echo "$HOST $*; nothing was changed. Remove it from devices.emulated" >&2
  exit 1
}

emulator=$(read_emulator)
if [ -z "$emulator" ]; then
  signs=$(list_device_signs)
  [ -z "$signs" ] || refuse "has devices already ($signs)"
  # The owner comes first, so that an interrupted attempt can be repeated; it never replaces one that has come since.
  ask_api_server kubectl annotate node "$NODE_NAME" "mixcpt.io/emulated-by=$OWNER" >/dev/null
elif [ "$emulator" != "$OWNER" ]; then
  refuse "$(describe_other_emulator "$emulator")"
fi
ask_api_server kubectl label node "$NODE_NAME" --overwrite "amd.com/gpu.device-id=$DEVICE_ID" \
  mixcpt.io/emulated-gpu=true >/dev/null
set_devices "\"$DEVICES\""
