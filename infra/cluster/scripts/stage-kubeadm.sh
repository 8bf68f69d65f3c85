#!/usr/bin/env bash
# Runs on a control plane: unpacks the kubeadm of archives of programs (standard input, by gzip) beside the installed
# one.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
mkdir -p /var/lib/mixcpt/upgrade
gzip -d | tar -x -f - -C /var/lib/mixcpt/upgrade --no-same-owner --ignore-zeros ./usr/local/bin/kubeadm
