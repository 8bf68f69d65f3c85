# shellcheck shell=bash
# Part of scripts that make a machine a control plane.
# input: PROBES (JSON, of the static pods; kubeadm's own if empty)

# kubeadm's configuration names the folder. kubeadm merges each file into the static pod of its name.
write_patches() {
  local component
  [ -n "$PROBES" ] || return 0
  mkdir -p /etc/kubernetes/patches
  for component in etcd kube-apiserver kube-controller-manager kube-scheduler; do
    echo "{spec: {containers: [{name: $component, ${PROBES#\{}]}}" >"/etc/kubernetes/patches/$component.yaml"
  done
}
