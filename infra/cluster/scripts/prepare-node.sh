#!/usr/bin/env bash
# Runs on a node: prepares the installed software for kubeadm. Runs again whenever other machines are added or removed,
# while pods are running: it then only updates the routes that have changed.
# input: NODE_NAME, POD_RANGE (of this node, a.b.c.0/24), ROUTES (lines "range via address" for the other nodes)
set -euo pipefail

# Records which node this machine is, and fails if it is already another one. Under a new name it would join as a second
# node, and the removal of the old node would then reset this same machine.
record_identity() {
  local file=/etc/kubernetes/mixcpt-node now="$NODE_NAME with pods in $POD_RANGE"
  if [ -f "$file" ] && [ "$(cat "$file")" != "$now" ]; then
    echo "this machine is $(cat "$file") and cannot become $now;" \
      "remove it from the inventory, run ./mixcpt cluster up, then add it again" >&2
    return 1
  fi
  mkdir -p /etc/kubernetes
  echo "$now" >"$file"
}

# Replaces the file in one step, because containerd reads it as soon as it changes.
write_cni_config() {
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
  if [ -f "$file" ]; then # delete routes to machines that left or moved
    { grep -vxFf "$file.new" "$file" || true; } | sed -n 's/^ip route replace/ip route delete/p' \
      | sh 2>/dev/null || true
  fi
  mv "$file.new" "$file"
}

record_identity
write_cni_config
write_routes
modprobe -q br_netfilter || true # may be built in; otherwise kubeadm's preflight reports it
sysctl --quiet --ignore --load /etc/sysctl.d/90-kubernetes.conf
swapoff -a
systemctl daemon-reload
systemctl enable --quiet --now containerd kube-proxy
systemctl enable --quiet kubelet mixcpt-network
# A oneshot service: after its first run, a start would do nothing.
systemctl restart mixcpt-network
