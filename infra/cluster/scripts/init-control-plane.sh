#!/usr/bin/env bash
# Runs on the first node: makes it the control plane and prints the administrator's kubeconfig, so that the cluster can
# be reached whatever fails later. Safe to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh),
#        KUBEADM_CONFIG (InitConfiguration, ClusterConfiguration, KubeletConfiguration),
#        TOLERATED (the preflight errors that kubeadm ignores)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

init_control_plane() {
  begin_attempt "kubeadm init"
  echo "$KUBEADM_CONFIG" >/etc/kubernetes/kubeadm.yaml
  /usr/local/bin/kubeadm init --config /etc/kubernetes/kubeadm.yaml --ignore-preflight-errors="$TOLERATED" \
    --skip-token-print >&2
  touch /etc/kubernetes/initialised
  end_attempt
}

require_owner
if [ -f /etc/kubernetes/joined ]; then
  echo "this machine is already a worker node; the control plane must remain the first machine of the inventory" >&2
  exit 1
fi
[ -f /etc/kubernetes/initialised ] || init_control_plane
cat /etc/kubernetes/admin.conf
