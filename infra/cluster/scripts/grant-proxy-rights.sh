#!/usr/bin/env bash
# Runs on the first node after kubeadm: lets kube-proxy run on every node. Safe to repeat.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"

# kube-proxy runs as a systemd service on each node, with the identity of the node.
bind_node_proxier_role() {
  KUBECONFIG=/etc/kubernetes/admin.conf /usr/local/bin/kubectl apply --filename=- <<YAML
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "mixcpt:node-proxier"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:node-proxier"}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:nodes"}]
YAML
}

require_owner
ask_api_server bind_node_proxier_role >&2
systemctl restart kube-proxy
