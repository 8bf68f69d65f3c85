#!/usr/bin/env bash
# Runs on a node that leaves the cluster for good: stops Kubernetes and undoes its changes. Keeps programs and images.
set -uo pipefail

kubeadm reset --force >/dev/null 2>&1
systemctl disable --quiet --now kubelet kube-proxy mixcpt-network containerd
kube-proxy --cleanup >/dev/null 2>&1
ip link delete cni0 2>/dev/null
sed -n 's/^ip route replace/ip route delete/p' /usr/local/sbin/mixcpt-routes | sh 2>/dev/null
rm -rf /etc/kubernetes /etc/cni/net.d/10-mixcpt.conflist /usr/local/sbin/mixcpt-routes /var/lib/cni /var/lib/etcd/member
exit 0
