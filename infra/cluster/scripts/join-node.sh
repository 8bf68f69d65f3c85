#!/usr/bin/env bash
# Runs on a node: joins it to the cluster. Safe to repeat.
# input: JOIN (the command that init-control-plane.sh printed), NODE_NAME, ADDRESS, TOLERATED
set -euo pipefail

join_configuration() {
  local endpoint token hash
  read -r _ _ endpoint _ token _ hash <<<"$JOIN"
  cat <<YAML
apiVersion: kubeadm.k8s.io/v1beta4
kind: JoinConfiguration
discovery: {bootstrapToken: {apiServerEndpoint: "$endpoint", token: "$token", caCertHashes: ["$hash"]}}
nodeRegistration:
  name: $NODE_NAME
  criSocket: unix:///run/containerd/containerd.sock
  kubeletExtraArgs: [{name: node-ip, value: $ADDRESS}]
YAML
}

if [ ! -f /etc/kubernetes/joined ]; then
  kubeadm reset --force >/dev/null 2>&1 || true # what an interrupted run left
  mkdir -p /etc/kubernetes
  kubeadm join --config <(join_configuration) --ignore-preflight-errors="$TOLERATED" >&2
  touch /etc/kubernetes/joined
fi
systemctl restart kube-proxy
