#!/usr/bin/env bash
# Runs on a node: makes it another control plane. Safe to repeat.
# standard input: the archive of read-cluster-keys.sh
# input: HOST, LOGIN, OWNER (see host-owner.sh), JOIN (the command that admit-control-plane.sh printed), NODE_NAME,
#        ADDRESS, PROBES (see static-pod-patches.sh), TOLERATED (see kubeadm-checks.sh), TIMEOUTS (JSON, of kubeadm)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/kubeadm-checks.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/static-pod-patches.sh"

# Keeps the keys in memory until kubeadm has them.
receive_keys() {
  KEYS=$(mktemp -d /run/mixcpt-keys.XXXXXX)
  trap 'rm -rf "$KEYS"' EXIT
  tar -x -f - -C "$KEYS" || fail "has not received the keys of the cluster"
}

print_join_configuration() {
  local endpoint token hash
  read -r _ _ endpoint _ token _ hash <<<"$JOIN"
  cat <<YAML
apiVersion: kubeadm.k8s.io/v1beta4
kind: JoinConfiguration
discovery: {bootstrapToken: {apiServerEndpoint: "$endpoint", token: "$token", caCertHashes: ["$hash"]}}
controlPlane: {localAPIEndpoint: {advertiseAddress: $ADDRESS, bindPort: 6443}}
nodeRegistration:
  name: $NODE_NAME
  criSocket: unix:///run/containerd/containerd.sock
  imagePullPolicy: Never
  kubeletExtraArgs: [{name: node-ip, value: $ADDRESS}]
  taints: []
timeouts: $TIMEOUTS
YAML
  [ -z "$PROBES" ] || echo "patches: {directory: /etc/kubernetes/patches}"
}

# Safe to repeat: resets what an earlier attempt left.
attempt_join() {
  begin_attempt "kubeadm join"
  write_patches
  cp -a "$KEYS/." /etc/kubernetes/
  /usr/local/bin/kubeadm join --config <(print_join_configuration) --ignore-preflight-errors="$(print_ignored_checks)"
}

join_cluster() {
  receive_keys
  ask_api_server attempt_join >&2 || {
    reset_attempt
    rm -rf /etc/kubernetes/{pki,apiserver} # a machine that is no control plane keeps no keys
    echo "$NODE_NAME did not join. If its token is older than a day, or it had joined before, remove the machine from the" \
      "inventory, run ./mixcpt cluster up, then add it again." >&2
    return 1
  }
  touch /etc/kubernetes/initialised
  end_attempt
}

# Both pods of CoreDNS started on the first control plane, when it was the only node: with it, names would be lost for
# the minutes until Kubernetes replaces them.
spread_dns() {
  KUBECONFIG=/etc/kubernetes/admin.conf ask_api_server /usr/local/bin/kubectl --namespace kube-system rollout restart \
    deployment coredns >&2
}

require_owner
await_earlier_attempt
rm -rf /var/lib/mixcpt/cluster-keys # of an earlier version, after a failure
if [ -f /etc/kubernetes/joined ]; then
  echo "this machine is a worker; remove its line from the inventory, run ./mixcpt cluster up, then add it again" >&2
  exit 1
fi
if [ ! -f /etc/kubernetes/initialised ]; then
  join_cluster
  spread_dns
else
  cat >/dev/null
fi
systemctl enable --quiet --now mixcpt-etcd-snapshot.timer mixcpt-renew-certificates.timer
systemctl restart kube-proxy
