#!/usr/bin/env bash
# Runs on the first node: installs Cilium from an archive with cilium.json (standard input, by gzip), and waits until
# the nodes that have joined so far run it. Safe to repeat.
# input: HOST, LOGIN, OWNER, ADOPT (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ask-api-server.sh"

export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl=/usr/local/bin/kubectl
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

apply_manifests() {
  $kubectl apply --server-side --force-conflicts --field-manager=mixcpt --filename="$folder/cilium.json" >/dev/null
}

# Prints a line for each container that does not run, such as one whose image cannot be fetched.
list_waiting_containers() {
  $kubectl --namespace kube-system get pods --selector app.kubernetes.io/part-of=cilium --output json |
    tr -d '\n' | grep -o '"waiting": *{[^}]*}' | sort -u
}

await_agents() {
  ! $kubectl --namespace kube-system rollout status daemonset/cilium --timeout=600s >/dev/null || return 0
  echo "$HOST: Cilium does not run on every node. Its containers wait for:" >&2
  list_waiting_containers >&2 || true
  echo "Nodes fetch its images themselves (docs/hosts.md); once this is fixed, run ./mixcpt cluster up again." >&2
  return 1
}

require_owner
gzip -d | tar -x -f - -C "$folder"
ask_api_server apply_manifests
ask_api_server await_agents
