# shellcheck shell=bash
# Functions for the cgroups of one host, on machines with cgroups of version 2, version 1 or both (the hybrid layout).
# input: HOST
readonly CGROUPS=/sys/fs/cgroup

# True if the machine has cgroups of version 2 only: one hierarchy. Otherwise $CGROUPS has a folder for each hierarchy.
has_unified_cgroups() { [ -f "$CGROUPS/cgroup.controllers" ]; }

list_hierarchies() {
  local folder
  has_unified_cgroups && { echo "$CGROUPS"; return; }
  # Where one hierarchy has several controllers, such as cpu,cpuacct, symbolic links give it their names.
  for folder in "$CGROUPS"/*; do
    [ -L "$folder" ] || [ ! -d "$folder" ] || echo "$folder"
  done
}

# Lists every process of the host: all of them are in its cgroup, whichever process started them.
list_processes() {
  local hierarchy="$CGROUPS/systemd"
  ! has_unified_cgroups || hierarchy=$CGROUPS
  find "$hierarchy/$HOST" -name cgroup.procs -exec cat {} + 2>/dev/null || true
}

# Offers all controllers to the hosts. In a container $CGROUPS is not the root of the hierarchy, but a cgroup with
# processes, and such a cgroup cannot offer any: its processes move into a cgroup below it.
delegate_controllers() {
  local controller pid
  for controller in $(<"$CGROUPS/cgroup.controllers"); do
    echo "+$controller" 2>/dev/null >"$CGROUPS/cgroup.subtree_control" && continue
    [ -f "$CGROUPS/cgroup.type" ] || continue # the root: the controller is not for this kernel's cgroups
    mkdir -p "$CGROUPS/init"
    for pid in $(<"$CGROUPS/cgroup.procs"); do
      echo "$pid" 2>/dev/null >"$CGROUPS/init/cgroup.procs" || true # has ended
    done
    echo "+$controller" >"$CGROUPS/cgroup.subtree_control"
  done
}

# Puts the calling shell into the host's cgroups, which it creates.
enter_cgroups() {
  local hierarchy file
  ! has_unified_cgroups || delegate_controllers
  for hierarchy in $(list_hierarchies); do
    mkdir -p "$hierarchy/$HOST"
    for file in cpuset.cpus cpuset.mems; do # of version 1, which inherits neither
      has_unified_cgroups || [ ! -f "$hierarchy/$HOST/$file" ] || cat "$hierarchy/$file" >"$hierarchy/$HOST/$file"
    done
    echo 0 >"$hierarchy/$HOST/cgroup.procs"
  done
}

remove_cgroups() {
  local hierarchy
  for hierarchy in $(list_hierarchies); do
    [ ! -d "$hierarchy/$HOST" ] || find "$hierarchy/$HOST" -depth -type d -exec rmdir {} +
  done
}
