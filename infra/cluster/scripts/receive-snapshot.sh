#!/usr/bin/env bash
# Runs on another control plane: keeps the snapshot of keep-snapshot.sh (standard input), because all of them must be
# restored from the same one.
# input: HOST, LOGIN, OWNER (see host-owner.sh), TARGET (see before-upgrade.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/before-upgrade.sh"

require_owner
begin_upgrade
cat >"$BEFORE/etcd.new"
mv "$BEFORE/etcd.new" "$BEFORE/etcd.db"
