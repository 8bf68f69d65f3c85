#!/usr/bin/env bash
# Functions for the scripts that run on the operator's machine and change a node of an existing cluster.
# input: KUBECONFIG_TEXT, NODE_NAME
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"

umask 077
KUBECONFIG=$(mktemp)
trap 'rm -f "$KUBECONFIG"' EXIT
printf '%s\n' "$KUBECONFIG_TEXT" >"$KUBECONFIG"
export KUBECONFIG HOST="node $NODE_NAME"

# Prints the Pulumi state that emulates the node's devices; nothing if none does. arguments: OPTION...
read_emulator() {
  ask_api_server kubectl get node "$NODE_NAME" "$@" --output='jsonpath={.metadata.annotations.mixcpt\.io/emulated-by}'
}

# arguments: the number of devices in JSON; null removes them
set_devices() {
  local devices="{\"amd.com/gpu\":$1}"
  ask_api_server kubectl patch node "$NODE_NAME" --subresource=status --type=merge \
    --patch "{\"status\":{\"capacity\":$devices,\"allocatable\":$devices}}" >/dev/null
}
