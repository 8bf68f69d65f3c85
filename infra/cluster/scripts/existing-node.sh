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

# Prints what says that the node has devices, real ones or those of somebody else, separated by commas. A count of 0
# says so as well: that of a device plugin that restarts.
# shellcheck disable=SC2016 # the variables are those of the template
list_device_signs() {
  local template='{{range $key, $value := .status.capacity}}{{if eq $key "amd.com/gpu"}}'
  template+='capacity {{$key}}={{$value}}, {{end}}{{end}}{{range $key, $value := .metadata.labels}}'
  template+='{{if or (eq $key "amd.com/gpu.device-id") (eq $key "feature.node.kubernetes.io/amd-gpu")}}'
  template+='label {{$key}}={{$value}}, {{end}}{{end}}'
  ask_api_server kubectl get node "$NODE_NAME" --output="go-template=$template" | sed 's/, $//'
}

# arguments: the number of devices in JSON; null removes them
set_devices() {
  local devices="{\"amd.com/gpu\":$1}"
  ask_api_server kubectl patch node "$NODE_NAME" --subresource=status --type=merge \
    --patch "{\"status\":{\"capacity\":$devices,\"allocatable\":$devices}}" >/dev/null
}
