#!/usr/bin/env bash
# Runs on a node: makes the software that was laid on it ready for kubeadm. Runs again whenever other machines come or
# go, beside pods that go on: it then changes the routes that have changed and nothing else.
# input: NODE_NAME, POD_RANGE (this node's, a.b.c.0/24), ROUTES ("range via address" lines of the other nodes)
set -euo pipefail

keep_identity() { # another name would be another node: it would join, and the old one would then be reset on the same machine
  local file=/etc/kubernetes/mixcpt-node now="$NODE_NAME with pods in $POD_RANGE"
  if [ -f "$file" ] && [ "$(cat "$file")" != "$now" ]; then
    echo "this machine is $(cat "$file") and cannot become $now: take it out of the inventory, up, and put it in again" >&2
    return 1
  fi
  mkdir -p /etc/kubernetes
  echo "$now" >"$file"
}

write_cni() { # in one step: containerd reads it as soon as it changes
  mkdir -p /etc/cni/net.d
  cat >/etc/cni/net.d/new <<CNI
{"cniVersion": "1.0.0", "name": "mixcpt", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$POD_RANGE"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
CNI
  mv /etc/cni/net.d/new /etc/cni/net.d/10-mixcpt.conflist
}

write_routes() {
  local file=/usr/local/sbin/mixcpt-routes
  { echo '#!/bin/sh -e'; echo "$ROUTES" | sed '/./s/^/ip route replace /'; } >"$file.new"
  chmod 755 "$file.new"
  if [ -f "$file" ]; then # machines that have left, or have another address now
    { grep -vxFf "$file.new" "$file" || true; } | sed -n 's/^ip route replace/ip route delete/p' | sh 2>/dev/null || true
  fi
  mv "$file.new" "$file"
}

keep_identity
write_cni
write_routes
modprobe -q br_netfilter || true # built in, or the API server's preflight says so
sysctl --quiet --ignore --load /etc/sysctl.d/90-kubernetes.conf
swapoff -a
systemctl daemon-reload
systemctl enable --quiet --now containerd kube-proxy
systemctl enable --quiet kubelet mixcpt-network
systemctl restart mixcpt-network # which has run already, except the first time: started again it would do nothing
