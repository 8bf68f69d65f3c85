#!/usr/bin/env bash
# Runs on the first node: makes it the control plane and prints the administrator's kubeconfig, so that the cluster can
# be reached whatever fails later. Safe to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh),
#        KUBEADM_CONFIG (InitConfiguration, ClusterConfiguration, KubeletConfiguration),
#        PROBES (JSON, of the static pods; kubeadm's own if empty),
#        TOLERATED (see kubeadm-checks.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/kubeadm-checks.sh"

# The configuration names the folder. kubeadm merges each file into the static pod of its name.
write_patches() {
  local component
  [ -n "$PROBES" ] || return 0
  mkdir -p /etc/kubernetes/patches
  for component in etcd kube-apiserver kube-controller-manager kube-scheduler; do
    echo "{spec: {containers: [{name: $component, ${PROBES#\{}]}}" >"/etc/kubernetes/patches/$component.yaml"
  done
}

init_control_plane() {
  begin_attempt "kubeadm init"
  write_patches
  echo "$KUBEADM_CONFIG" >/etc/kubernetes/kubeadm.yaml
  /usr/local/bin/kubeadm init --config /etc/kubernetes/kubeadm.yaml --ignore-preflight-errors="$(print_ignored_checks)" \
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
systemctl enable --quiet --now mixcpt-etcd-snapshot.timer mixcpt-renew-certificates.timer
cat /etc/kubernetes/admin.conf
