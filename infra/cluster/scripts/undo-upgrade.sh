#!/usr/bin/env bash
# Runs on a host that was upgraded: brings back what it had. Safe to repeat. The program comes from the operator's
# machine: that of the host is as old as what it brings back.
# input: HOST, LOGIN, OWNER (see host-owner.sh), UNDO (mixcpt-undo-upgrade)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
said=$(bash -c "$UNDO" 2>&1) || fail "the way back has not ended; run the command again: $said"
