#!/usr/bin/env bash
# Runs as PID 1 in the host's new namespaces, except that of the cgroups: its root is the cgroup of the process that
# creates it, so this process enters the host's first.
# input: HOST, and that of host-inside.sh
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=/dev/null
source "$here/cgroups.sh"

enter_cgroups
exec unshare --cgroup "$here/host-inside.sh"
