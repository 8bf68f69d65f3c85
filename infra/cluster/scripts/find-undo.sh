#!/usr/bin/env bash
# Runs on a host: prints what it has from before an upgrade, a word and a value on each line, and "joined" if it is a
# node. Changes nothing.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

BEFORE=/var/lib/mixcpt/before-upgrade

require_owner
[ ! -f /etc/kubernetes/initialised ] && [ ! -f /etc/kubernetes/joined ] || echo joined
for state in target undone; do
  [ ! -f "$BEFORE/$state" ] || echo "$state $(cat "$BEFORE/$state")"
done
for name in manifests programs; do
  [ ! -d "$BEFORE/$name" ] || echo "kept $name"
done
if [ -f "$BEFORE/etcd.db" ]; then
  echo "snapshot $(date -u -r "$BEFORE/etcd.db" +%Y-%m-%dT%H:%M:%SZ)"
  echo "digest $(sha256sum <"$BEFORE/etcd.db" | cut -c1-16)"
fi
