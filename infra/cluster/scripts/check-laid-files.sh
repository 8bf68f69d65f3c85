#!/usr/bin/env bash
# Runs on a host that may have all files already: compares them with a list (standard input) of lines
# "MODE CRC SIZE PATH". Undoes laid files that are not in the list. Ends with 3 if a file must be sent.
# input: HOST, LOGIN, OWNER, ADOPT (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/laid-files.sh"

# A file that lay-files.sh did not lay because the site had the same one keeps the site's mode.
# arguments: MODE CHECKSUM PATH
has_file() {
  local mode=$1 checksum=$2 path=$3 laid
  is_laid "$path" "$checksum" || return 1
  laid=$(laid_checksum "$path")
  [ -z "$laid" ] || { [ "$laid" = "$checksum" ] && [ "$(stat --format=%a "$path")" = "$mode" ]; }
}

require_owner
[ -f /var/lib/mixcpt/laid ] || exit 3
paths=()
while read -r mode crc size path; do
  has_file "$mode" "$crc:$size" "${path#.}" || exit 3
  paths+=("${path#.}")
done
while read -r path; do restore_path "$path"; done < <(list_laid_files | grep -vxFf <(printf '%s\n' "${paths[@]}"))
