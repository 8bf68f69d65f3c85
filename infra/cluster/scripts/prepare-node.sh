#!/usr/bin/env bash
# Runs on a node: makes the software that was laid on it ready for kubeadm.
# input: POD_RANGE (this node's, a.b.c.0/24), ROUTES ("range via address" lines of the other nodes)
set -euo pipefail

write_cni() {
  mkdir -p /etc/cni/net.d
  cat >/etc/cni/net.d/10-mixcpt.conflist <<CNI
{"cniVersion": "1.0.0", "name": "mixcpt", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$POD_RANGE"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
CNI
}

write_routes() {
  { echo '#!/bin/sh -e'; echo "$ROUTES" | sed '/./s/^/ip route replace /'; } >/usr/local/sbin/mixcpt-routes
  chmod 755 /usr/local/sbin/mixcpt-routes
}

write_cni
write_routes
modprobe -q br_netfilter || true # built in, or the API server's preflight says so
sysctl --quiet --ignore --load /etc/sysctl.d/90-kubernetes.conf
swapoff -a
systemctl daemon-reload
systemctl enable --quiet --now containerd mixcpt-network kube-proxy
systemctl enable --quiet kubelet
