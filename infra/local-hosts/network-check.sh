#!/usr/bin/env bash
# Fails with the reason if this machine has no free addresses for local hosts. Changes nothing.
# input: NETWORK (see free-network.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "$(readlink -f "$0")")/free-network.sh"
command -v ip >/dev/null || exit 0 # setup installs it
find_free_prefix 00 >/dev/null
