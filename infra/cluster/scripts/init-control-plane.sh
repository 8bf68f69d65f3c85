#!/usr/bin/env bash
# Runs on the first node: makes it the control plane and prints the administrator's kubeconfig, so that the cluster can
# be reached whatever fails later. Safe to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh),
#        KUBEADM_CONFIG (InitConfiguration, ClusterConfiguration, KubeletConfiguration),
#        AUDIT_POLICY (YAML, of the API server),
#        PROBES (see static-pod-patches.sh), TOLERATED (see kubeadm-checks.sh),
#        ADDRESS, ENDPOINT and HELD_ADDRESS (see endpoint.sh), only if the cluster has an endpoint
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/kubeadm-checks.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/static-pod-patches.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/endpoint.sh"

# The files that the API server mounts. The key of the Secrets in etcd is made here and leaves the machine only
# for other control planes; a repeated attempt keeps it, because etcd may already have Secrets.
write_api_server_settings() (
  umask 077
  cd /etc/kubernetes && mkdir -p apiserver && cd apiserver
  echo "$AUDIT_POLICY" >audit-policy.yaml
  [ ! -s encryption.yaml ] || return 0
  cat >encryption.yaml.new <<CONFIG
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - secretbox: { keys: [{ name: first, secret: $(head -c 32 /dev/urandom | base64 --wrap=0) }] }
CONFIG
  mv encryption.yaml.new encryption.yaml
)

# An earlier attempt may have left the address.
prepare_endpoint() {
  [ -z "$HELD_ADDRESS" ] || drop_held_address
  refuse_other_cluster
  take_address
}

init_control_plane() {
  begin_attempt "kubeadm init"
  [ -z "${ENDPOINT:-}" ] || prepare_endpoint
  write_patches
  write_api_server_settings
  echo "$KUBEADM_CONFIG" >/etc/kubernetes/kubeadm.yaml
  /usr/local/bin/kubeadm init --config /etc/kubernetes/kubeadm.yaml --ignore-preflight-errors="$(print_ignored_checks)" \
    --skip-token-print >&2
  touch /etc/kubernetes/initialised
  end_attempt
}

require_owner
await_earlier_attempt
if [ -f /etc/kubernetes/joined ]; then
  echo "this machine is already a worker node; the control plane must remain the first machine of the inventory" >&2
  exit 1
fi
[ -f /etc/kubernetes/initialised ] || init_control_plane
systemctl enable --quiet --now mixcpt-etcd-snapshot.timer mixcpt-renew-certificates.timer
cat /etc/kubernetes/admin.conf
