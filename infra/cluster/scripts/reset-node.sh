#!/usr/bin/env bash
# Runs on a host that leaves the cluster for good: stops Kubernetes, restores the files that were there before and
# releases the host. Resets nothing that another owner made. Keeps the images in /var/lib/containerd.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -uo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/laid-files.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/remove-cilium.sh"

# One by one: a worker lacks some of them, and systemctl may then stop none of those that it was told.
stop_services() {
  local unit
  for unit in kubelet kube-proxy mixcpt-network.timer mixcpt-network mixcpt-etcd-snapshot.timer \
    mixcpt-renew-certificates.timer containerd; do
    systemctl disable --quiet --now "$unit" 2>/dev/null
  done
}

stop_kubernetes() {
  if [ -f /etc/mixcpt/attempt ] || [ -f /etc/kubernetes/joined ] || [ -f /etc/kubernetes/initialised ]; then
    /usr/local/bin/kubeadm reset --force >/dev/null 2>&1
  fi
  stop_services
  release_endpoint
  [ ! -x /usr/local/bin/kube-proxy ] || /usr/local/bin/kube-proxy --cleanup >/dev/null 2>&1
  ip link delete cni0 2>/dev/null
  while read -r route; do
    # shellcheck disable=SC2086 # a route is several words
    ip route delete $route 2>/dev/null
  done < <(cat /etc/mixcpt/routes 2>/dev/null)
}

# kube-vip gives its address up only when it is told to end.
release_endpoint() {
  local address device
  address=$(cat /etc/mixcpt/endpoint 2>/dev/null) || return 0
  device=$(ip -4 -o address show to "$address/32" | awk '{ print $2; exit }')
  [ -z "$device" ] || ip address delete "$address/32" dev "$device"
}

# The chains that kubelet makes; kube-proxy removes its own. One of them drops packets.
remove_kubelet_chains() {
  local program table chain
  for program in iptables ip6tables; do
    for chain in INPUT OUTPUT; do "$program" --wait --delete "$chain" --jump KUBE-FIREWALL; done
    for table in mangle nat filter; do
      for chain in KUBE-FIREWALL KUBE-IPTABLES-HINT KUBE-KUBELET-CANARY; do
        "$program" --wait --table "$table" --flush "$chain" && "$program" --wait --table "$table" --delete-chain "$chain"
      done
    done
  done 2>/dev/null
}

# Everything that kubeadm and prepare-node.sh wrote; the host had no Kubernetes before.
remove_state() {
  rm -rf /etc/kubernetes/{mixcpt-node,initialised,joined,kubeadm.yaml,apiserver,manifests{,-stopped},patches,pki,tmp} \
    /etc/kubernetes/*.conf /etc/cni/net.d/10-mixcpt.conflist /etc/containerd/conf.d/mixcpt.toml \
    /etc/systemd/system/kubelet.service.d/20-mixcpt-store.conf \
    /var/lib/cni/networks/mixcpt /var/lib/cni/results/mixcpt-* /var/lib/etcd/member /var/log/kubernetes/audit
  rmdir /etc/kubernetes /etc/cni/net.d /etc/cni /etc/containerd/conf.d /etc/containerd \
    /etc/systemd/system/kubelet.service.d /var/log/kubernetes 2>/dev/null
}

# Gives services that the site had their earlier state. Their units are those of the site again.
restore_services() {
  local unit enabled active
  systemctl daemon-reload
  while read -r unit enabled active; do
    [ "$enabled" != enabled ] || systemctl enable --quiet "$unit"
    [ "$active" != active ] || systemctl start "$unit"
  done < <(cat /var/lib/mixcpt/services 2>/dev/null)
}

if ! has_owner; then
  echo "${HOST:-this machine}: has no owner any more; it is left unchanged" >&2
  exit 0
fi
if ! is_own_host; then
  echo "${HOST:-this machine}: is left unchanged; it $(describe_other_owner)" >&2
  exit 0
fi
stop_kubernetes
remove_cilium
remove_kubelet_chains
remove_state
restore_laid_files
restore_services
rm -rf /var/lib/mixcpt
rm -rf /etc/mixcpt
exit 0
