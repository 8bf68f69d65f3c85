#!/usr/bin/env bash
# Runs on a control plane: unpacks the kubeadm of an archive of programs (standard input) beside the installed one.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
mkdir -p /var/lib/mixcpt/upgrade
tar -x -f - -C /var/lib/mixcpt/upgrade --no-same-owner ./usr/local/bin/kubeadm
