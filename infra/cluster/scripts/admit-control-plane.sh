#!/usr/bin/env bash
# Runs on a control plane: prints the command that joins another one. etcd takes no new member while one does not
# answer, so members whose machines are gone leave first.
# input: HOST, LOGIN, OWNER (see host-owner.sh); NODE_NAME, ADDRESS and MACHINE_ID (see prepare-node.sh) of the new one;
#        CONTROL_PLANES (lines "NAME ADDRESS")
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/former-node.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/etcd-members.sh"

export KUBECONFIG=/etc/kubernetes/admin.conf

is_declared() { grep -qE "^$1 " <<<"$CONTROL_PLANES"; }

remove_lost_members() {
  local id name url
  while read -r id name url; do
    if [ "$name" = - ] || is_declared "$name" || does_member_answer "$url"; then continue; fi
    echo "removes the etcd member $id of $name ($url), which does not answer and left the inventory" >&2
    remove_member "$id"
  done < <(list_members)
}

# True if the machine is the control plane that it was.
is_member_already() {
  local known
  known=$(ask_api_server /usr/local/bin/kubectl get node "$NODE_NAME" --ignore-not-found \
    --output=jsonpath='{.status.nodeInfo.machineID}')
  [ -n "$known" ] && [ "$known" = "$MACHINE_ID" ]
}

require_owner
if ! is_member_already; then
  remove_lost_members
  remove_members_of "$NODE_NAME" "$ADDRESS"
  delete_former_node
fi
ask_api_server /usr/local/bin/kubeadm token create --ttl 24h --print-join-command
