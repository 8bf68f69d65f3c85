#!/usr/bin/env bash
# Runs on a node that will be a control plane: keeps the archive of read-cluster-keys.sh (standard input) for
# join-control-plane.sh. One that has joined has the keys already.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
if [ -f /etc/kubernetes/initialised ]; then
  cat >/dev/null
  exit 0
fi
rm -rf /var/lib/mixcpt/cluster-keys
mkdir -m 700 /var/lib/mixcpt/cluster-keys
tar -x -f - -C /var/lib/mixcpt/cluster-keys
