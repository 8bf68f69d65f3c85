#!/usr/bin/env bash
# Runs on a host: starts its kubelet again, which tells the API server of its node only when it starts. Pods run on.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
systemctl restart kubelet
