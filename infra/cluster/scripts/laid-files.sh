#!/usr/bin/env bash
# Functions for the files that were laid on a host. /var/lib/mixcpt/laid has lines "file CHECKSUM PATH" and
# "directory - PATH" in the order in which they were made; the last line of a path counts.

# The checksum by POSIX's cksum, as CRC:SIZE.
file_checksum() { cksum <"$1" | tr ' ' :; }

# Prints the checksum with which a path was laid, or nothing.
laid_checksum() {
  local kind checksum path found=""
  [ -f /var/lib/mixcpt/laid ] || return 0
  while read -r kind checksum path; do
    if [ "$kind" = file ] && [ "$path" = "$1" ]; then found=$checksum; fi
  done </var/lib/mixcpt/laid
  echo "$found"
}

# True if the path is still the file that was laid with this checksum.
is_laid() { [ -f "$1" ] && [ ! -L "$1" ] && [ "$(file_checksum "$1")" = "$2" ]; }

list_laid_files() {
  [ ! -f /var/lib/mixcpt/laid ] || sed -n 's/^file [^ ]* //p' /var/lib/mixcpt/laid | sort -u
}

# Puts back the file that was at the path before, or removes the laid one. A file that somebody else wrote stays.
restore_path() {
  local path=$1 laid replaced="/var/lib/mixcpt/replaced$1"
  laid=$(laid_checksum "$path")
  if { [ -e "$path" ] || [ -L "$path" ]; } && ! is_laid "$path" "$laid"; then
    cmp -s "$path" "$replaced" ||
      echo "${HOST:-this machine}: $path stays, because it was changed since it was installed" >&2
    return 0
  fi
  if [ -L "$replaced" ] || [ -e "$replaced" ]; then
    mkdir -p "$(dirname "$path")"
    cp -a "$replaced" "$path.mixcpt-new"
    mv -T "$path.mixcpt-new" "$path"
  else
    rm -f "$path"
  fi
}

restore_laid_files() {
  local path
  while read -r path; do restore_path "$path"; done < <(list_laid_files)
  [ -f /var/lib/mixcpt/laid ] || return 0
  # The deepest directories first; one that somebody else uses is not empty and stays.
  while read -r path; do rmdir "$path" 2>/dev/null || true; done \
    < <(sed -n 's/^directory - //p' /var/lib/mixcpt/laid | sort -ru)
}
