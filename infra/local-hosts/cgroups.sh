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

# In a container $CGROUPS is not the root of the hierarchy, but a cgroup with processes, and such a cgroup cannot offer
# controllers to those below it. Moves its processes to one below it, three times because they may fork.
clear_container_cgroup() {
  local pid _
  [ -f "$CGROUPS/cgroup.type" ] || return 0 # the root
  mkdir -p "$CGROUPS/init"
  for _ in 1 2 3; do
    for pid in $(<"$CGROUPS/cgroup.procs"); do
      echo "$pid" 2>/dev/null >"$CGROUPS/init/cgroup.procs" || true # has ended
    done
  done
}

# Offers all controllers of version 2 to the hosts; in version 1 every hierarchy has its own. Must run outside of the
# hosts: there the numbers of other processes are unknown.
delegate_controllers() {
  local controller
  has_unified_cgroups || return 0
  clear_container_cgroup
  for controller in $(<"$CGROUPS/cgroup.controllers"); do
    echo "+$controller" >"$CGROUPS/cgroup.subtree_control"
  done
}

# Puts the calling shell into the host's cgroups, which it creates.
enter_cgroups() {
  local hierarchy file
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
