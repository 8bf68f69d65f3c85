#!/usr/bin/env bash
# Runs on the operator's machine: takes back what emulate-node-devices.sh did. A node that has left the cluster needs
# nothing, and one whose devices another Pulumi state emulates is left unchanged.
# input: KUBECONFIG_TEXT, NODE_NAME (see existing-node.sh), OWNER ("CLUSTER ID ORIGIN", see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/existing-node.sh"

[ "$(read_emulator --ignore-not-found)" = "$OWNER" ] || exit 0
set_devices null
ask_api_server kubectl label node "$NODE_NAME" amd.com/gpu.device-id- mixcpt.io/emulated-gpu- >/dev/null
ask_api_server kubectl annotate node "$NODE_NAME" mixcpt.io/emulated-by- >/dev/null
