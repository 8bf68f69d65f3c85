#!/usr/bin/env bash
# Runs on a host that has been inspected: records its owner. Safe to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh), RELEASE (the script that ends Kubernetes on the host and releases it)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

# A node of a cluster made before hosts recorded their owner is adopted when its software is sent: only that resource
# tells whether this Pulumi state already had the host.
! is_node_without_owner || exit 0
require_owner
mkdir -p /var/lib/mixcpt
chmod 700 /var/lib/mixcpt
echo "$RELEASE" >/var/lib/mixcpt/release
