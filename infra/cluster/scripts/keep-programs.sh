#!/usr/bin/env bash
# Runs on a drained node before it gets new programs: keeps those that it has. Safe to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh), TARGET (see before-upgrade.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/laid-files.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/before-upgrade.sh"

require_owner
begin_upgrade
mapfile -t files < <(list_laid_files | while read -r path; do [ ! -f "$path" ] || echo "$path"; done)
keep_once programs "${files[@]}"
keep_kubelet_config
