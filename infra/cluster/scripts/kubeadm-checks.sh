# shellcheck shell=bash
# Included by scripts that run kubeadm on a node.
# input: TOLERATED (the preflight checks that this kind of host may fail)

# Prints the preflight checks that kubeadm ignores. With cgroup v1 its check of the system fails, because Kubernetes
# supports it only on request, which prepare-node.sh makes.
print_ignored_checks() {
  local checks=$TOLERATED
  [ -f /sys/fs/cgroup/cgroup.controllers ] || checks="${checks:+$checks,}SystemVerification"
  echo "$checks"
}
