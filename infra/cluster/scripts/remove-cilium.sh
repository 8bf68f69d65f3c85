#!/usr/bin/env bash
# Removes what Cilium leaves on a machine: its programs in the kernel, devices, rules and files.

# The programs of Cilium end with their pins. Kernels before 6.6 have them as filters of a device.
remove_cilium_programs() {
  local device direction
  rm -rf /sys/fs/bpf/cilium /sys/fs/bpf/tc/globals/cilium_*
  rmdir /sys/fs/bpf/tc/globals /sys/fs/bpf/tc 2>/dev/null
  command -v tc >/dev/null || return 0
  for device in /sys/class/net/*; do
    device=${device##*/}
    for direction in ingress egress; do
      grep -q ' cil_' <<<"$(tc filter show dev "$device" "$direction" 2>/dev/null)" || continue
      tc filter delete dev "$device" "$direction"
    done
  done
}

remove_cilium_devices() {
  local device
  for device in cilium_host cilium_vxlan $(cd /sys/class/net && compgen -G 'lxc*'); do
    ip link delete "$device" 2>/dev/null
  done
  ip rule delete fwmark 0x200/0xf00 lookup 2004 2>/dev/null
}

# The other rules stay as they are, in their order. They are read to the end first: a program that grep no longer reads
# from fails, which would count as no rule of Cilium on a machine with many.
remove_cilium_rules() {
  local program rules
  for program in iptables ip6tables; do
    rules=$("$program-save" 2>/dev/null)
    grep -q CILIUM_ <<<"$rules" || continue
    grep -v 'CILIUM_\|cilium' <<<"$rules" | "$program-restore" --wait
  done
}

remove_cilium_files() {
  umount /run/cilium/cgroupv2 2>/dev/null
  rm -rf /run/cilium /etc/cni/net.d/05-cilium.conflist /opt/cni/bin/cilium-cni /etc/sysctl.d/99-zzz-override_cilium.conf
}

# Nothing to do on a machine that never ran it.
remove_cilium() {
  [ -d /run/cilium ] || [ -e /opt/cni/bin/cilium-cni ] || return 0
  remove_cilium_programs
  remove_cilium_devices
  remove_cilium_rules
  remove_cilium_files
}
