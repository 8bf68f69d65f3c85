#!/usr/bin/env bash
# Runs on a node that may have all images already: compares them with a list of lines "DIGEST NAME" (standard input).
# Ends with 3 if an image is missing, has another name or is not unpacked.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
# The kubelet removes images that no pod uses if the disk is nearly full, unless they are pinned.
PIN=io.cri-containerd.pinned

unpacked=$(/usr/local/bin/ctr --namespace k8s.io images check 2>/dev/null |
  awk '$NF == "true" { print $3, $1 }') || exit 3
names=()
while read -r image; do
  grep -qxF "$image" <<<"$unpacked" || exit 3
  # Earlier versions did not pin what they imported.
  /usr/local/bin/ctr --namespace k8s.io images label "${image#* }" "$PIN=pinned" </dev/null >/dev/null 2>&1 || exit 3
  names+=("${image#* }")
done

# Succeeds if a line is among the arguments. arguments: LINE OTHERS…
is_among() {
  grep -qxF "$1" < <(printf '%s\n' "${@:2}")
}

# Other versions of these images were sent before. They may leave now, or they would fill the disk in time.
pinned=$(/usr/local/bin/ctr --namespace k8s.io images list --quiet "labels.\"$PIN\"==pinned" 2>/dev/null) || exit 0
while read -r name; do
  is_among "${name%:*}" "${names[@]%:*}" || continue
  is_among "$name" "${names[@]}" && continue
  /usr/local/bin/ctr --namespace k8s.io images label "$name" "$PIN=" >/dev/null 2>&1 || true
done <<<"$pinned"
