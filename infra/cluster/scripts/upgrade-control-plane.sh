#!/usr/bin/env bash
# Runs on a control plane that has the new images: upgrades its static pods with the new kubeadm. Safe to repeat. Neither
# the kubelet nor pods are touched.
# input: HOST, LOGIN, OWNER (see host-owner.sh), TARGET (see before-upgrade.sh),
#        VERB (apply on the first control plane, node on the others), TOLERATED (see kubeadm-checks.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/before-upgrade.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/kubeadm-checks.sh"

KUBEADM=/var/lib/mixcpt/upgrade/usr/local/bin/kubeadm

# kube-proxy is a service of the machine. The images were sent; kubeadm's test job needs one that ends.
upgrade() {
  local ignored arguments
  ignored=$(print_ignored_checks)
  arguments=("--ignore-preflight-errors=CreateJob,ImagePull${ignored:+,$ignored}")
  [ ! -d /etc/kubernetes/patches ] || arguments+=(--patches /etc/kubernetes/patches)
  if [ "$VERB" = apply ]; then
    "$KUBEADM" upgrade apply "$TARGET" --yes --skip-phases=addon/kube-proxy "${arguments[@]}"
  else
    "$KUBEADM" upgrade node --skip-phases=addon/kube-proxy "${arguments[@]}"
  fi
}

require_owner
# An operator whose command was interrupted may run it again while this machine is still at it.
exec 9>/run/mixcpt-upgrade.lock
flock 9
begin_upgrade
keep_once manifests /etc/kubernetes/manifests
keep_kubelet_config
upgrade >/var/lib/mixcpt/upgrade/log 2>&1 || {
  tail -n 20 /var/lib/mixcpt/upgrade/log >&2
  fail "kubeadm upgrade $VERB failed; all that it said is in /var/lib/mixcpt/upgrade/log. Run the command again once the" \
    "cause is repaired, or go back with cluster upgrade --undo"
}
rm -rf /var/lib/mixcpt/upgrade/usr
