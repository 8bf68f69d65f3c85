#!/usr/bin/env bash
# Runs on a control plane: deletes the token of a node that has joined, so that nobody joins another machine with it. Safe
# to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh), JOIN (the command that admit-node.sh or admit-control-plane.sh printed)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"

export KUBECONFIG=/etc/kubernetes/admin.conf

require_owner
read -r _ _ _ _ token _ <<<"$JOIN"
ask_api_server /usr/local/bin/kubectl --namespace kube-system delete secret "bootstrap-token-${token%%.*}" \
  --ignore-not-found >/dev/null
