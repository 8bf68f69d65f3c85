#!/usr/bin/env bash
# Runs on a node that may have all images already: compares them with a list of lines "DIGEST NAME" (standard input).
# Ends with 3 if an image is missing, has another name or is not unpacked.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
# The kubelet removes images that no pod uses if the disk is nearly full.
unpacked=$(/usr/local/bin/ctr --namespace k8s.io images check 2>/dev/null |
  awk '$NF == "true" { print $3, $1 }') || exit 3
while read -r image; do grep -qxF "$image" <<<"$unpacked" || exit 3; done
