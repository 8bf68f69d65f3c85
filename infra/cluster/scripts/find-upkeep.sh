#!/usr/bin/env bash
# Runs on a control plane: prints how its timers do, a word and a value on each line. Changes nothing.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
now=$(date +%s)
newest=$(find /var/lib/mixcpt/etcd -name '*.db' -printf '%T@\n' 2>/dev/null | sort -n | tail -n 1) || true
[ -z "$newest" ] || echo "snapshot-seconds $((now - ${newest%.*}))"
echo "machine-seconds $((now - $(stat --format %Y /etc/kubernetes/initialised)))"
for name in mixcpt-etcd-snapshot mixcpt-renew-certificates; do
  echo "$name.timer $(systemctl show --property ActiveState --value "$name.timer")"
  echo "$name.service $(systemctl show --property Result --value "$name.service")"
done
