#!/usr/bin/env bash
# Runs on a control plane: writes the snapshot of keep-snapshot.sh to standard output.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
exec cat /var/lib/mixcpt/before-upgrade/etcd.db
