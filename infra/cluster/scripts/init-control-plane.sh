#!/usr/bin/env bash
# Runs on the first node: makes it the control plane. Safe to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh),
#        KUBEADM_CONFIG (InitConfiguration, ClusterConfiguration, KubeletConfiguration),
#        TOLERATED (the preflight errors that kubeadm ignores)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl=/usr/local/bin/kubectl

init_control_plane() {
  begin_attempt "kubeadm init"
  echo "$KUBEADM_CONFIG" >/etc/kubernetes/kubeadm.yaml
  /usr/local/bin/kubeadm init --config /etc/kubernetes/kubeadm.yaml --ignore-preflight-errors="$TOLERATED" \
    --skip-token-print >&2
  touch /etc/kubernetes/initialised
  end_attempt
}

# kube-proxy runs as a systemd service on each node, with the identity of the node.
bind_node_proxier_role() {
  $kubectl create clusterrolebinding mixcpt:node-proxier --clusterrole=system:node-proxier --group=system:nodes \
    --dry-run=client -o yaml | $kubectl apply -f - >&2
}

require_owner
if [ -f /etc/kubernetes/joined ]; then
  echo "this machine is already a worker node; the control plane must remain the first machine of the inventory" >&2
  exit 1
fi
[ -f /etc/kubernetes/initialised ] || init_control_plane
bind_node_proxier_role
systemctl restart kube-proxy
