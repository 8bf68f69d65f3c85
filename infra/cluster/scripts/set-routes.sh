#!/usr/bin/env bash
# Runs on a node: sets the routes to the pods of the other nodes.
# input: HOST, LOGIN, OWNER (see host-owner.sh), ROUTES (lines "RANGE via ADDRESS" for all nodes)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
/usr/local/sbin/mixcpt-routes set <<<"$ROUTES"
