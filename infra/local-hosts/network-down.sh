#!/usr/bin/env bash
# Removes the instance's bridge. input: INSTANCE
set -euo pipefail
bridge="mx$INSTANCE"
ip link show "$bridge" >/dev/null 2>&1 || exit 0
ip link delete "$bridge"
