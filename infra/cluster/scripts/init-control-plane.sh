#!/usr/bin/env bash
# Runs on the first node: makes it the control plane. Safe to repeat.
# input: KUBEADM_CONFIG (InitConfiguration, ClusterConfiguration, KubeletConfiguration),
#        TOLERATED (kubeadm's preflight errors that do not stop it)
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

initialise() {
  kubeadm reset --force --cert-dir /etc/kubernetes/pki >/dev/null 2>&1 || true # what an interrupted run left
  mkdir -p /etc/kubernetes
  echo "$KUBEADM_CONFIG" >/etc/kubernetes/kubeadm.yaml
  kubeadm init --config /etc/kubernetes/kubeadm.yaml --ignore-preflight-errors="$TOLERATED" --skip-token-print >&2
  touch /etc/kubernetes/initialised
}

admit_node_proxies() { # kube-proxy runs as a service of each node, with the node's identity
  kubectl create clusterrolebinding mixcpt:node-proxier --clusterrole=system:node-proxier --group=system:nodes \
    --dry-run=client -o yaml | kubectl apply -f - >&2
}

if [ -f /etc/kubernetes/joined ]; then
  echo "this machine is a node of a cluster: the first machine of the inventory is its control plane and stays the first" >&2
  exit 1
fi
[ -f /etc/kubernetes/initialised ] || initialise
admit_node_proxies
systemctl restart kube-proxy
