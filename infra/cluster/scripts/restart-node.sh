#!/usr/bin/env bash
# Runs on a drained node that has got new programs: starts them. Safe to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh), TOLERATED (see kubeadm-checks.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/kubeadm-checks.sh"

require_owner
# The configuration of the kubelet; on a control plane upgrade-control-plane.sh has written it.
[ -f /etc/kubernetes/initialised ] ||
  said=$(/usr/local/bin/kubeadm upgrade node --ignore-preflight-errors="$(print_ignored_checks)" 2>&1) ||
  fail "kubeadm upgrade node failed: $said"
systemctl daemon-reload
systemctl restart containerd
systemctl restart kubelet kube-proxy
