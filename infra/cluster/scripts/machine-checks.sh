#!/usr/bin/env bash
# Checks of a machine that is not yet a node, for inspect-host.sh. They read and change nothing.
# input: see inspect-host.sh

oldest_versions="debian 12, ubuntu 22.04, rhel 9"

# Prints the family by which the distribution installs packages: debian, rhel or nothing.
print_family() {
  local word
  for word in $ID $ID_LIKE; do
    case $word in
      debian | ubuntu) echo debian && return ;;
      rhel | fedora | centos | rocky | almalinux | ol) echo rhel && return ;;
    esac
  done
}

# True if the first version is older. arguments: VERSION VERSION
is_older() { [ "$1" != "$2" ] && [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

ID="" ID_LIKE="" VERSION_ID="" PRETTY_NAME=""
# shellcheck source=/dev/null
! [ -r /etc/os-release ] || . /etc/os-release
family=$(print_family)

check_distribution() {
  local name=${PRETTY_NAME:-"the distribution"} oldest=""
  case $ID in
    debian) oldest=12 ;;
    ubuntu) oldest=22.04 ;;
    *) [ "$family" != rhel ] || [ "$ID" = fedora ] || oldest=9 ;;
  esac
  if [ -n "$oldest" ] && [ -n "$VERSION_ID" ] && is_older "$VERSION_ID" "$oldest"; then
    add_problem "$name is too old (supported from: $oldest_versions); upgrade it"
  elif [ -z "$family" ]; then
    warn "$name is neither Debian, Ubuntu nor of the kind of RHEL; scripts and packages may not fit"
  fi
}

# Prints how programs are installed. arguments: PROGRAM...
print_installation() {
  local program packages=() by_hand=""
  for program in "$@"; do
    case $family-$program in
      debian-systemctl | rhel-systemctl) packages+=(systemd) ;;
      debian-sysctl) packages+=(procps) ;;
      rhel-sysctl) packages+=(procps-ng) ;;
      debian-ip) packages+=(iproute2) ;;
      rhel-ip) packages+=(iproute) ;;
      debian-mount | rhel-mount) packages+=(util-linux) ;;
      rhel-iptables) packages+=(iptables-nft) ;;
      rhel-conntrack) packages+=(conntrack-tools) ;;
      rhel-runc)
        if [ "$ID" = fedora ] || is_older "$VERSION_ID" 10; then packages+=(runc); else
          by_hand="; RHEL has no package of runc since 10: install the release of the project on PATH"
        fi
        ;;
      *) packages+=("$program") ;;
    esac
  done
  case $family-${#packages[@]} in
    *-0) ;;
    debian-*) echo -n "; apt-get install ${packages[*]}" ;;
    rhel-*) echo -n "; dnf install ${packages[*]}" ;;
  esac
  echo "$by_hand"
}

check_programs() {
  local program missing=()
  for program in systemctl sysctl tar gzip ip iptables conntrack mount runc; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [ "${#missing[@]}" = 0 ] ||
    add_problem "these programs are missing: ${missing[*]}$(print_installation "${missing[@]}")"
}

# True if a module is loaded, built in or can be loaded; also if the machine does not tell.
has_module() {
  local directory
  directory=/lib/modules/$(uname -r)
  [ ! -d "/sys/module/$1" ] && [ -d "$directory" ] || return 0
  grep -qs "/$1\.ko" "$directory/modules.builtin" || modprobe --dry-run --quiet "$1" 2>/dev/null ||
    [ -n "$(find "$directory" -name "$1.ko*" 2>/dev/null)" ]
}

check_modules() {
  local module missing=()
  # shellcheck disable=SC2153 # an input
  for module in $MODULES; do has_module "$module" || missing+=("$module"); done
  [ "${#missing[@]}" = 0 ] || add_problem "the kernel $(uname -r) has no module ${missing[*]}; install the modules of" \
    "this kernel (linux-modules-extra-$(uname -r) on Ubuntu, kernel-modules-core and kernel-modules-extra of RHEL)," \
    "or boot a kernel that has them"
}

check_cgroups() {
  local controller missing=() file=/sys/fs/cgroup/cgroup.controllers
  if [ ! -f "$file" ]; then
    warn "has cgroups of version 1, which Kubernetes only tolerates; boot with systemd.unified_cgroup_hierarchy=1"
    return 0
  fi
  for controller in cpu memory pids; do
    grep -qw "$controller" "$file" || missing+=("$controller")
  done
  [ "${#missing[@]}" = 0 ] || add_problem "the kernel does not divide ${missing[*]} among cgroups; remove cgroup_disable" \
    "from its command line (/proc/cmdline)"
}

check_time() {
  local offset=$(($(date +%s) - OPERATOR_TIME))
  local advice="set it and let chrony or systemd-timesyncd keep it: certificates and leases depend on it"
  [ "${offset#-}" -le 60 ] || { add_problem "its clock is $offset s from that of the operator's machine; $advice" && return; }
  [ "$(timedatectl show --property=NTPSynchronized --value 2>/dev/null)" != no ] ||
    warn "its clock is not synchronized (timedatectl); $advice"
}

# Prints the GiB that are free at a path, or where it will be made.
print_free_space() {
  local path=$1
  while [ ! -d "$path" ]; do path=$(dirname "$path"); done
  df --output=avail --block-size=1G "$path" | tail -n 1 | tr -d ' '
}

# arguments: GIB PATH USE
check_space() {
  local free
  free=$(print_free_space "$2")
  [ "$free" -ge "$1" ] || add_problem "$2 has $free GiB free and needs $1 ($3)"
}

check_disks() {
  local free
  check_space 2 /usr/local "programs of Kubernetes"
  check_space 8 /var/lib/containerd "images; pods are evicted below 5 GiB"
  [[ " $PORTS " != *" 2379 "* ]] || check_space 4 /var/lib/etcd "etcd and its snapshots"
  free=$(print_free_space /var/lib/containerd)
  [ "$free" -ge 60 ] || [ "$free" -lt 8 ] ||
    warn "/var/lib/containerd has $free GiB free; images for AMD GPUs need tens of GiB"
}

# Pods wait where the folder of the store is missing. Where it is there without its file system, they would work on the
# machine's own disk, and nobody else would see what they write.
check_store() {
  local mount_point
  [ -n "$STORE" ] || return 0
  if [ ! -d "$STORE" ]; then
    warn "has no folder $STORE, the store; pods wait until it is there"
    return 0
  fi
  mount_point=$(findmnt --noheadings --output TARGET --target "$STORE" | tail -n 1) || return 0
  case $mount_point in
    "$(readlink -f "$STORE")") warn "$STORE, the store, is a mount point: pods that start while nothing is mounted there" \
      "would work on the machine's own disk; name a folder below it" ;;
    /) warn "$STORE, the store, is on the machine's own disk; all nodes must share it" ;;
  esac
}

check_capacity() {
  local memory
  [[ " $PORTS " == *" 2379 "* ]] || return 0
  memory=$(($(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo) / 1024))
  [ "$(nproc)" -ge 2 ] || add_problem "has one processor; kubeadm requires 2 for a control plane"
  [ "$memory" -ge 1700 ] || add_problem "has $memory MiB of memory; kubeadm requires 1700 for a control plane"
}

check_swap() {
  [ "$(wc -l </proc/swaps)" -le 1 ] || warn "swaps; pods get no swap, but the system may slow them down (swapoff -a)"
}

# Everything here is a warning: whether a rule concerns the nodes cannot be told from outside.
check_firewalls() {
  local name chain
  for name in firewalld ufw; do
    ! systemctl is-active --quiet "$name" 2>/dev/null || warn "$name is active; it must admit the ports of" \
      "Kubernetes (docs/hosts.md) and the ranges of pods and services, or be stopped (systemctl disable --now $name)"
  done
  for chain in INPUT FORWARD; do
    ! grep -qx -- "-P $chain DROP" <<<"$(iptables --wait 5 -S "$chain" 2>/dev/null)" || warn "iptables drops what no" \
      "rule of $chain admits (Docker and firewalls set this); it must admit the other machines and the range of pods"
  done
  ! grep -qsx 1 /sys/fs/selinux/enforce || warn "SELinux is enforcing; containerd needs the package container-selinux"
}

check_driver() {
  local version
  [ -n "$DRIVERS" ] || return 0
  if [ ! -d /sys/module/amdgpu ]; then
    warn "the driver amdgpu is not loaded; its pods get no GPU (fine without GPUs)"
    return 0
  fi
  version=$(cat /sys/module/amdgpu/version 2>/dev/null || echo "of the kernel $(uname -r)")
  # shellcheck disable=SC2254 # the entries are patterns
  for allowed in $DRIVERS; do case $version in $allowed) return 0 ;; esac; done
  warn "its driver amdgpu is $version, which this project's images for ROCm were not made for (${DRIVERS// /, })"
}
