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

# A script goes on for a while after its connection or the operator's command has ended, and kubeadm for minutes: a second
# one beside it would reset what the first one makes. The lock ends with the script.
await_earlier_attempt() {
  exec 8>/run/mixcpt-attempt.lock
  ! flock --nonblock 8 || return 0
  echo "$HOST: waits until an earlier run has ended there" >&2
  flock --wait 1200 8 || fail "an earlier run has not ended after 20 minutes; run the command again once it has"
}
