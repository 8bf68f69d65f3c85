#!/usr/bin/env bash
# Runs as PID 1 in the host's namespaces, mounts its file system and then executes systemd.
# input: HOST, DIRECTORY, ROOTFS, STORE
set -euo pipefail
root="$DIRECTORY/root"
# shellcheck source=/dev/null
source "$(dirname "$(readlink -f "$0")")/cgroups.sh"

# Mounts every hierarchy again, so that the host sees its own part as the root.
mount_cgroups() {
  local hierarchy name options
  has_unified_cgroups && { mount -t cgroup2 cgroup2 "$root$CGROUPS"; return; }
  mount -t tmpfs -o mode=755 cgroups "$root$CGROUPS"
  for hierarchy in $(list_hierarchies); do
    name=$(basename "$hierarchy")
    mkdir "$root$hierarchy"
    case $name in
      unified) mount -t cgroup2 cgroup2 "$root$hierarchy"; continue ;;
      systemd) options=none,name=systemd ;;
      *) options=$name ;;
    esac
    mount -t cgroup -o "$options" cgroup "$root$hierarchy"
  done
  find "$CGROUPS" -maxdepth 1 -type l -exec cp -P {} "$root$CGROUPS" \;
}

bind_mount() { mkdir -p "$root$2" && mount --bind "$1" "$root$2"; }

hostname "$HOST"
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$ROOTFS,upperdir=$DIRECTORY/upper,workdir=$DIRECTORY/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount_cgroups
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=755 run "$root/run"
bind_mount "$DIRECTORY/disk/containerd" /var/lib/containerd
bind_mount "$DIRECTORY/disk/kubelet" /var/lib/kubelet
bind_mount "$DIRECTORY/disk/etcd" /var/lib/etcd
bind_mount "$DIRECTORY/disk/pods" /var/log/pods
bind_mount "$STORE" /srv/mixcpt
# A chroot would not do: what enters a mount namespace later, such as `kubectl exec` into a pod, starts at the root of
# that namespace, which would still be the machine's.
mkdir "$root/run/machine"
cd "$root"
pivot_root . run/machine
# The directories of the machine's own PATH are gone.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umount --lazy run/machine
rmdir run/machine
mount --make-rshared .
arguments=()
# On a machine with version 1 only, every systemd would mount version 2 as well, and all hosts would share its root.
has_unified_cgroups || [ -d "$CGROUPS/unified" ] || arguments=(systemd.legacy_systemd_cgroup_controller=1)
exec env -i container=mixcpt PATH="$PATH" /lib/systemd/systemd "${arguments[@]}"
