#!/usr/bin/env bash
# Runs on the first node: publishes the table of routes to the pods of all nodes, where nodes read it (mixcpt-routes).
# input: HOST, LOGIN, OWNER (see host-owner.sh), ROUTES (lines "RANGE via ADDRESS")
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"

apply_routes() {
  KUBECONFIG=/etc/kubernetes/admin.conf /usr/local/bin/kubectl apply --filename=- <<YAML
apiVersion: v1
kind: ConfigMap
metadata: {name: mixcpt-routes, namespace: kube-system}
data:
  routes: |
    ${ROUTES//$'\n'/$'\n    '}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: mixcpt-routes, namespace: kube-system}
rules: [{apiGroups: [""], resources: [configmaps], resourceNames: [mixcpt-routes], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: mixcpt-routes, namespace: kube-system}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: mixcpt-routes}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:nodes"}]
YAML
}

require_owner
ask_api_server apply_routes >&2
