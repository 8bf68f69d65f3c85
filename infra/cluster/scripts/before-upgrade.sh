# shellcheck shell=bash
# Part of scripts that upgrade a machine: keeps what mixcpt-undo-upgrade brings back.
# input: TARGET (the version to which the cluster is upgraded)
BEFORE=/var/lib/mixcpt/before-upgrade

# An interrupted upgrade keeps what it has; another one begins again.
begin_upgrade() {
  [ "$(cat "$BEFORE/target" 2>/dev/null)" != "$TARGET" ] || return 0
  rm -rf "$BEFORE"
  mkdir -m 700 "$BEFORE"
  echo "$TARGET" >"$BEFORE/target"
}

# Copies files and folders, once. arguments: NAME PATH...
keep_once() {
  local name=$1
  shift
  [ ! -d "$BEFORE/$name" ] || return 0
  rm -rf "$BEFORE/$name.new"
  mkdir "$BEFORE/$name.new"
  cp -a --parents "$@" "$BEFORE/$name.new"
  mv "$BEFORE/$name.new" "$BEFORE/$name"
}

# What kubeadm wrote for the kubelet; not every version writes all of it.
keep_kubelet_config() {
  local file files=()
  for file in /var/lib/kubelet/{config.yaml,kubeadm-flags.env,instance-config.yaml}; do
    [ ! -f "$file" ] || files+=("$file")
  done
  keep_once kubelet "${files[@]}"
}
