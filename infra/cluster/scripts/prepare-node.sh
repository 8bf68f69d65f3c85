#!/usr/bin/env bash
# Runs on a node: prepares the installed software for kubeadm, and prints the id of the installed system, which its
# kubelet will report. Safe to repeat while pods are running.
# input: HOST, LOGIN, OWNER (see host-owner.sh), NODE_NAME, POD_NETWORK (see pod-network.sh),
#        POD_RANGE (of this node, a.b.c.0/24, or with Cilium that of all),
#        STORE (the folder that all nodes share; empty if a storage class provides it)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/pod-network.sh"

# Records which node this machine is, and fails if it is already another one. Under a new name it would join as a second
# node, and the removal of the old node would then reset this same machine.
record_identity() {
  local file=/etc/kubernetes/mixcpt-node now="$NODE_NAME with pods in $POD_RANGE"
  if [ -f "$file" ] && [ "$(cat "$file")" != "$now" ]; then
    echo "this machine is $(cat "$file") and cannot become $now;" \
      "remove it from the inventory, run ./mixcpt cluster up, then add it again" >&2
    return 1
  fi
  mkdir -p /etc/kubernetes /etc/mixcpt
  echo "$now" >"$file"
  # Read by kube-proxy and mixcpt-routes.
  printf 'NODE_NAME=%s\nPOD_RANGE=%s\n' "$NODE_NAME" "$POD_RANGE" >/etc/mixcpt/node
  echo "$POD_NETWORK" >/etc/mixcpt/pod-network
}

# By default, kubelets refuse to start with cgroup v1.
allow_cgroup_v1() {
  local arguments=
  [ -f /sys/fs/cgroup/cgroup.controllers ] || arguments=--fail-cgroupv1=false
  echo "KUBELET_CGROUP_ARGS=$arguments" >/etc/mixcpt/kubelet
}

# Where root cannot lower the OOM score of a process, as on a host of a shared machine, containerd would fail to start
# pods with a low one, such as those of the control plane and of the network.
tolerate_fixed_oom_scores() {
  local file=/etc/containerd/conf.d/mixcpt.toml
  rm -f "$file"
  ! (echo -999 >"/proc/$BASHPID/oom_score_adj") 2>/dev/null || return 0
  mkdir -p /etc/containerd/conf.d
  printf "version = 3\n[plugins.'io.containerd.cri.v1.runtime']\n  restrict_oom_score_adj = true\n" >"$file"
}

# A pod sees only what was mounted before it started, so the kubelet starts after the store's mount, whatever its name in
# fstab. It does not require the mount: a control plane must come up while the servers of the store are still down, and
# pods that find no store there say so.
start_after_store() {
  local folder=$STORE file=/etc/systemd/system/kubelet.service.d/20-mixcpt-store.conf
  rm -f "$file"
  [ -n "$folder" ] || return 0
  mkdir -p "$(dirname "$file")"
  echo "[Unit]" >"$file"
  while [ "$folder" != / ]; do
    echo "After=$(systemd-escape --path --suffix=mount "$folder")" >>"$file"
    folder=$(dirname "$folder")
  done
}

# Replaces the file in one step, because containerd reads it as soon as it changes.
write_cni_config() {
  mkdir -p /etc/cni/net.d
  cat >/etc/cni/net.d/new <<CNI
{"cniVersion": "1.0.0", "name": "mixcpt", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$POD_RANGE"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
CNI
  mv /etc/cni/net.d/new /etc/cni/net.d/10-mixcpt.conflist
}

# Fails if the cluster has another network. The inspection has told the same before anything was changed.
refuse_other_pod_network() {
  local difference
  difference=$(describe_other_pod_network)
  [ -z "$difference" ] || { echo "$HOST: $difference" >&2; return 1; }
}

# The bridge between the pods of this node, and the routes to those of the others. Cilium brings all of it itself.
connect_by_routes() {
  [[ "$POD_NETWORK" == "routes "* ]] || return 0
  write_cni_config
  systemctl enable --quiet mixcpt-network
  systemctl enable --quiet --now mixcpt-network.timer
  systemctl restart mixcpt-network
}

# A containerd of the site, or of an earlier version, runs until it is restarted. Containers survive the restart.
restart_other_containerd() {
  local pid program
  pid=$(systemctl show --property=MainPID --value containerd)
  program=$(readlink "/proc/$pid/exe" 2>/dev/null) || return 0
  [ "$program" = /usr/local/bin/containerd ] || systemctl restart containerd
}

# Prints the error of the part of containerd that serves the kubelet, without which containerd starts all the same.
print_cri_error() {
  /usr/local/bin/ctr plugins ls --detailed id==cri 2>/dev/null | sed -n 's/^ *Message: *//p' || true
}

# Otherwise kubeadm would end with "unknown service runtime.v1.RuntimeService" and no reason.
require_container_runtime() {
  local error
  [ -n "$(print_cri_error)" ] || return 0
  systemctl restart containerd # the cause may be gone
  error=$(print_cri_error)
  [ -n "$error" ] || return 0
  echo "$HOST: containerd cannot serve the kubelet: $error" >&2
  [[ "$error" != *notify* ]] || echo "the kernel's inotify instances of root are used up, which all containers and" \
    "local hosts of a machine share ($(cat /proc/sys/fs/inotify/max_user_instances)); on that machine run" \
    "sysctl -w fs.inotify.max_user_instances=1024, then the command again" >&2
  return 1
}

require_owner
refuse_other_pod_network
record_identity
allow_cgroup_v1
tolerate_fixed_oom_scores
start_after_store
# May be built in. Without them kubeadm's preflight reports the first, and kube-proxy ends for want of the second.
for module in br_netfilter nf_conntrack; do modprobe -q "$module" || true; done
sysctl --quiet --ignore --load /etc/sysctl.d/90-kubernetes.conf
systemctl daemon-reload
systemctl enable --quiet --now containerd kube-proxy
restart_other_containerd
require_container_runtime
systemctl enable --quiet kubelet
connect_by_routes
cat /etc/machine-id 2>/dev/null || true # without it, a former node of this machine stays until it is not Ready
