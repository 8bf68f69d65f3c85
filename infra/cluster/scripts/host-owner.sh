#!/usr/bin/env bash
# Functions for the scripts that run on a host: they decide whether it may be changed. Every script that changes a host
# includes this file and calls require_owner first.
# input: HOST ("NAME (ADDRESS)") and LOGIN (an ssh command that a command for root follows), for messages,
#        OWNER ("CLUSTER ID ORIGIN": the cluster's identifier, an id unique to its Pulumi state, user@machine:checkout),
#        ADOPT ("yes" if this Pulumi state already had the host before hosts recorded their owner)
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 022

fail() {
  echo "${HOST:-this machine}: $*" >&2
  exit 1
}

read_owner_id() { cut -d' ' -f2 <<<"$1"; }

has_owner() { [ -f /etc/mixcpt/owner ]; }

is_own_host() { has_owner && [ "$(read_owner_id "$(</etc/mixcpt/owner)")" = "$(read_owner_id "${OWNER:-}")" ]; }

# True on a node of a cluster that was made before hosts recorded their owner.
is_node_without_owner() { ! has_owner && [ -f /etc/kubernetes/mixcpt-node ]; }

describe_other_owner() {
  local cluster id origin
  read -r cluster id origin </etc/mixcpt/owner || true
  echo "belongs to the cluster $cluster of $origin (id $id), not to this Pulumi state; nothing was changed." \
    "Run ./mixcpt cluster destroy ${cluster##*/} there. If its state is lost, this command ends Kubernetes on the" \
    "machine and releases it: ${LOGIN:-ssh root@ADDRESS} bash /var/lib/mixcpt/release"
}

describe_node_without_owner() {
  echo "is already the node $(cat /etc/kubernetes/mixcpt-node) of a cluster that another Pulumi state made; nothing" \
    "was changed. Run ./mixcpt cluster up and then cluster destroy in the checkout that made it. If its state is" \
    "lost, this command ends Kubernetes on the machine and releases it:" \
    "${LOGIN:-ssh root@ADDRESS} sh -c \"'/usr/local/bin/kubeadm reset --force && rm -rf /etc/kubernetes'\""
}

# Prints the files by which a Kubernetes on this machine is recognized, on one line.
list_kubernetes_files() {
  local path paths=()
  for path in /etc/kubernetes/{kubelet,admin,bootstrap-kubelet}.conf /etc/kubernetes/{manifests,pki}/* \
    /var/lib/kubelet/config.yaml /var/lib/etcd/member /etc/rancher/{k3s,rke2} /var/lib/k0s /var/snap/microk8s/current; do
    [ ! -e "$path" ] || paths+=("$path")
  done
  [ "${#paths[@]}" = 0 ] || echo "${paths[*]}"
}

describe_other_kubernetes() {
  local server
  server=$(sed -n 's/^ *server: *//p' /etc/kubernetes/{kubelet,admin}.conf 2>/dev/null | head -n 1) || true
  echo "belongs to another Kubernetes cluster${server:+, $server} ($(list_kubernetes_files)); nothing was" \
    "changed. Check the address in the inventory. If the machine is meant, end that Kubernetes on it first"
}

write_owner() {
  mkdir -p /etc/mixcpt
  # Creates the file only if it does not exist, so that of two checkouts one gets the host and the other is refused.
  (set -o noclobber && echo "$OWNER" >/etc/mixcpt/owner) 2>/dev/null || true
  is_own_host || fail "$(describe_other_owner)"
}

# Whatever Kubernetes left on such a host is the state's, also after an attempt that was interrupted.
adopt_host() {
  write_owner
  [ -f /etc/kubernetes/joined ] || [ -f /etc/kubernetes/initialised ] || echo "before the owner" >/etc/mixcpt/attempt
}

# Returns if this Pulumi state owns the host, or if the host has no owner and no Kubernetes: then the state becomes its
# owner. Otherwise ends the script before it changes anything.
require_owner() {
  if has_owner; then
    is_own_host || fail "$(describe_other_owner)"
  elif is_node_without_owner; then
    [ "${ADOPT:-}" = yes ] || fail "$(describe_node_without_owner)"
    adopt_host
  elif [ -n "$(list_kubernetes_files)" ]; then
    fail "$(describe_other_kubernetes)"
  elif [ -n "${OWNER:-}" ]; then
    write_owner
  fi
}

reset_attempt() { /usr/local/bin/kubeadm reset --force --cert-dir /etc/kubernetes/pki >/dev/null 2>&1 || true; }

# The marker of an attempt exists from the first change that kubeadm may make until it has succeeded. Only leftovers of
# an attempt are reset: they are this owner's.
begin_attempt() {
  if [ -f /etc/mixcpt/attempt ]; then
    reset_attempt
  elif [ -n "$(list_kubernetes_files)" ]; then
    fail "$(describe_other_kubernetes)"
  fi
  mkdir -p /etc/mixcpt /etc/kubernetes
  echo "$1" >/etc/mixcpt/attempt
}

end_attempt() { rm -f /etc/mixcpt/attempt; }
