#!/usr/bin/env bash
# Runs on a node: joins it to the cluster. Safe to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh), JOIN (the command that admit-node.sh printed), NODE_NAME, ADDRESS,
#        TOLERATED (see kubeadm-checks.sh), TIMEOUTS (JSON, of kubeadm)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/kubeadm-checks.sh"

print_join_configuration() {
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
timeouts: $TIMEOUTS
YAML
}

# Safe to repeat: resets what an earlier attempt left.
attempt_join() {
  begin_attempt "kubeadm join"
  /usr/local/bin/kubeadm join --config <(print_join_configuration) --ignore-preflight-errors="$(print_ignored_checks)"
}

join_cluster() {
  ask_api_server attempt_join >&2 || {
    echo "$NODE_NAME did not join. If its token is older than a day, or it had joined before, remove the machine from the" \
      "inventory, run ./mixcpt cluster up, then add it again." >&2
    return 1
  }
  touch /etc/kubernetes/joined
  end_attempt
}

require_owner
await_earlier_attempt
if [ -f /etc/kubernetes/initialised ]; then
  echo "this machine is the control plane; it must remain the first machine of the inventory" >&2
  exit 1
fi
[ -f /etc/kubernetes/joined ] || join_cluster
systemctl restart kube-proxy
