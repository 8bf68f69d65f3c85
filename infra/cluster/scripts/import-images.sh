#!/usr/bin/env bash
# Runs on a node: imports an archive of images (standard input) into containerd.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
# `--local` imports in ctr itself, because the daemon's import takes twice the processor time. Unpacked layers are
# discarded, so that they are not stored twice.
# Pinned images stay when the disk is nearly full: nothing could fetch them again.
exec /usr/local/bin/ctr --namespace k8s.io images import --local --discard-unpacked-layers --digests=false \
  --label io.cri-containerd.pinned=pinned - >/dev/null
