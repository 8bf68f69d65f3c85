#!/usr/bin/env bash
# Runs on the first node: prints the command that joins one other node. Every node gets a separate token.
# input: HOST, LOGIN, OWNER (see host-owner.sh); NODE_NAME, ADDRESS and MACHINE_ID (see prepare-node.sh) of that node
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/former-node.sh"

export KUBECONFIG=/etc/kubernetes/admin.conf

require_owner
delete_former_node
ask_api_server /usr/local/bin/kubeadm token create --ttl 24h --print-join-command
