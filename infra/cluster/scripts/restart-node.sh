#!/usr/bin/env bash
# Runs on a drained node that has got new programs: starts them. Safe to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
# The configuration of the kubelet; on a control plane upgrade-control-plane.sh has written it.
[ -f /etc/kubernetes/initialised ] ||
  /usr/local/bin/kubeadm upgrade node --ignore-preflight-errors=SystemVerification >/dev/null
systemctl daemon-reload
systemctl restart containerd
systemctl restart kubelet kube-proxy
