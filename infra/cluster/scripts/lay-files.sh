#!/usr/bin/env bash
# Runs on a host: puts the files of archives (standard input, by gzip) at their paths. Existing directories keep their
# mode, and symbolic links to directories are followed. A file with other content is kept in /var/lib/mixcpt/replaced,
# and the list of laid files in /var/lib/mixcpt/laid, from which reset-node.sh restores the earlier files. Safe to
# repeat.
# input: HOST, LOGIN, OWNER, ADOPT (see host-owner.sh), RELEASE (as in claim-host.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/laid-files.sh"

STATE=/var/lib/mixcpt
# "yes" on a node that was prepared before the list existed: its files were overwritten then and are not the site's.
overwritten_before=no

extract_archive() {
  rm -rf "$STATE/incoming"
  mkdir -m 700 "$STATE/incoming"
  gzip -d | tar -x -f - -C "$STATE/incoming" --no-same-owner --ignore-zeros
}

# Keeps the states of services whose units are about to be replaced, for reset-node.sh.
record_services() {
  local unit enabled active
  [ ! -f "$STATE/services" ] && [ "$overwritten_before" = no ] || return 0
  for unit in containerd kubelet kube-proxy; do
    enabled=$(systemctl is-enabled "$unit" 2>/dev/null) || true
    active=$(systemctl is-active "$unit" 2>/dev/null) || true
    echo "$unit ${enabled:-unknown} ${active:-unknown}"
  done >"$STATE/services.new"
  mv "$STATE/services.new" "$STATE/services"
}

make_parents() {
  local directory=$1
  [ ! -d "$directory" ] || return 0
  make_parents "$(dirname "$directory")"
  mkdir -m 755 "$directory"
  echo "directory - $directory" >>"$STATE/laid"
}

# Copies a file or a symbolic link, with its mode and its owner, to a folder of /var/lib/mixcpt.
keep_copy() {
  local path=$1 copy="$STATE/$2$1"
  mkdir -p "$(dirname "$copy")"
  cp -a "$path" "$copy.new"
  mv -T "$copy.new" "$copy"
}

# Keeps what is at the path, unless it is what an earlier run laid.
keep_existing() {
  local path=$1 laid
  laid=$(laid_checksum "$path")
  if [ -z "$laid" ]; then
    [ "$overwritten_before" = yes ] || keep_copy "$path" replaced
  elif ! is_laid "$path" "$laid" && ! cmp -s "$path" "$STATE/replaced$path"; then
    keep_copy "$path" edited
    echo "warning: ${HOST:-this machine}: $path had been changed since it was installed;" \
      "its content is now in $STATE/edited$path" >&2
  fi
}

lay_file() {
  local source=$1 path=$2 mode=644
  [ ! -x "$source" ] || mode=755
  [ -L "$path" ] || [ ! -d "$path" ] || fail "$path is a directory, but must become a file"
  if [ ! -L "$path" ] && cmp -s "$source" "$path"; then
    # The same file of the site stays the site's: it is neither listed nor removed.
    [ -n "$(laid_checksum "$path")" ] || [ "$overwritten_before" = yes ] || return 0
  elif [ -L "$path" ] || [ -e "$path" ]; then
    keep_existing "$path"
  fi
  make_parents "$(dirname "$path")"
  echo "file $(file_checksum "$source") $path" >>"$STATE/laid"
  cp "$source" "$path.mixcpt-new"
  chmod "$mode" "$path.mixcpt-new"
  mv -T "$path.mixcpt-new" "$path"
}

# Undoes files that an earlier version laid and this one does not have.
remove_outdated() {
  local path
  while read -r path; do
    [ -e "$STATE/incoming$path" ] || restore_path "$path"
  done < <(list_laid_files)
}

require_owner
mkdir -p "$STATE"
chmod 700 "$STATE"
[ -f "$STATE/laid" ] || [ ! -f /etc/kubernetes/mixcpt-node ] || overwritten_before=yes
[ -z "${RELEASE:-}" ] || echo "$RELEASE" >"$STATE/release"
extract_archive
record_services
while IFS= read -r -d '' source; do
  lay_file "$source" "${source#"$STATE/incoming"}"
done < <(find "$STATE/incoming" -type f -print0)
touch "$STATE/laid"
remove_outdated
rm -rf "$STATE/incoming"
