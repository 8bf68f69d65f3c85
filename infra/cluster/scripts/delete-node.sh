#!/usr/bin/env bash
# Runs on the first node: removes the object of a node that has been reset, or that does not answer.
# input: HOST, LOGIN, OWNER (see host-owner.sh), NODE_NAME, UNREACHABLE ("yes" if the node does not answer by SSH)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/etcd-members.sh"
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl=/usr/local/bin/kubectl

is_ready() {
  local status='{.status.conditions[?(@.type=="Ready")].status}'
  [ "$(ask_api_server $kubectl get node "$NODE_NAME" --ignore-not-found --output=jsonpath="$status")" = True ]
}

# Kubernetes takes up to a minute to notice that a machine is off.
await_not_ready() {
  local end=$((SECONDS + 120))
  while is_ready; do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "$NODE_NAME does not answer by SSH but reports Ready, so it still runs pods and was not removed." \
        "Repair the SSH access, or switch the machine off, then run the command again" >&2
      return 1
    fi
    sleep 5
  done
}

is_own_host && [ -f /etc/kubernetes/initialised ] || exit 0
[ "$UNREACHABLE" != yes ] || await_not_ready
# kubeadm has removed the member of a control plane that was reset.
remove_members_of "$NODE_NAME" none
ask_api_server $kubectl delete node "$NODE_NAME" --ignore-not-found >&2
