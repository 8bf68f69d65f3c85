#!/usr/bin/env bash
# Runs on a control plane before an upgrade: keeps a snapshot of etcd. Safe to repeat: the first one stays.
# input: HOST, LOGIN, OWNER (see host-owner.sh), TARGET (see before-upgrade.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/before-upgrade.sh"

require_owner
begin_upgrade
[ ! -f "$BEFORE/etcd.db" ] || exit 0
snapshot=$(/usr/local/sbin/mixcpt-etcd-snapshot)
cp "$snapshot" "$BEFORE/etcd.new"
mv "$BEFORE/etcd.new" "$BEFORE/etcd.db"
