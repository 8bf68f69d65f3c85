#!/usr/bin/env bash
# Runs as PID 1 in the host's new namespaces, mounts its file system and then executes systemd.
# input: HOST, DIRECTORY, ROOTFS, STORE
set -euo pipefail
root="$DIRECTORY/root"

# Mounts every hierarchy again, so that the host sees its own part as the root.
mount_cgroups() {
  local hierarchy name options
  mount -t tmpfs -o mode=755 cgroups "$root/sys/fs/cgroup"
  for hierarchy in /sys/fs/cgroup/*/; do
    name=$(basename "$hierarchy")
    mkdir "$root/sys/fs/cgroup/$name"
    case $name in
      unified) mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/$name"; continue ;;
      systemd) options=none,name=systemd ;;
      *) options=$name ;;
    esac
    mount -t cgroup -o "$options" cgroup "$root/sys/fs/cgroup/$name"
  done
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
cd "$root"
mount --make-rshared .
exec env -i container=mixcpt PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  chroot . /lib/systemd/systemd
