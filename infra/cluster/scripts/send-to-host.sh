#!/usr/bin/env bash
# Runs on the operator's machine: streams directories to a script on a host: files as archives that gzip has compressed,
# images as an archive that nothing compresses again.
# input: TREES (directories, separated by colons; all or none of them OCI layouts), RECEIVE (the script),
#        CHECK (a script on the host that ends with 3 if it lacks something; may be empty), HOST (for messages), ADDRESS,
#        PORT, REMOTE_USER, HOST_KEY (its public key), ATTEMPTS (to log in), and those of ssh-login.sh,
#        ADOPT ("yes" if the Pulumi state already had the host)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/ssh-login.sh"

IFS=: read -ra directories <<<"$TREES"
# Setup compresses programs once, to DIRECTORY.tar.gz: for each machine anew it would take seconds of a processor.
compressed=()
arguments=()
for directory in "${directories[@]}"; do
  if [ -f "$directory.tar.gz" ]; then compressed+=("$directory.tar.gz"); else arguments+=(-C "$directory" .); fi
done

# True if tar complains of nothing but another link to a file: that changes the file's status, not its content.
# shellcheck disable=SC2154 # ssh-login.sh makes the folder
have_only_links_changed() {
  ! grep -qv ': file changed as we read it$' "$secrets/complaints" &&
    [ -z "$(find "${directories[@]}" -type f -newer "$secrets/start")" ]
}

# Packs the directories that setup has not. The modes do not depend on the umask with which this checkout was made.
pack_trees() {
  local code=0
  touch --date="1 second ago" "$secrets/start" # the times of files are not exact
  LC_ALL=C tar -c --owner=0 --group=0 --mode='u=rwX,go=rX' "${arguments[@]}" 2>"$secrets/complaints" || code=$?
  [ "$code" != 1 ] || ! have_only_links_changed || return 0
  cat "$secrets/complaints" >&2
  return "$code"
}

print_archives() {
  if [ -f "${directories[0]}/index.json" ]; then
    pack_trees
  else
    [ ${#compressed[@]} = 0 ] || cat "${compressed[@]}" || return 1
    [ ${#arguments[@]} = 0 ] || pack_trees | gzip
  fi
}

# Prints "MODE CRC SIZE PATH" of each file of a folder.
list_files() {
  cd "$1" &&
    find . -type f -perm /u+x -exec cksum {} + | sed 's/^/755 /' &&
    find . -type f ! -perm /u+x -exec cksum {} + | sed 's/^/644 /'
}

# Prints "DIGEST NAME" of each image of an OCI layout, in which the digest comes first.
list_images() {
  grep -oE '"(digest|io\.containerd\.image\.name)": *"[^"]*"' "$1/index.json" | cut -d '"' -f 4 | paste -d ' ' - -
}

# Prints the files, or the images of layouts; fails if it cannot read all.
list_content() {
  local directory
  for directory in "${directories[@]}"; do
    if [ -f "$directory/index.json" ]; then list_images "$directory"; else (list_files "$directory"); fi || return 1
  done
}

# True if a host that this Pulumi state had before has everything: a new version of a script, or another path of the
# same files, sends nothing.
has_everything() {
  local code=0
  [ "${ADOPT:-}" = yes ] && [ -n "${CHECK:-}" ] || return 1
  # The host undoes laid files that are not in the list: one with gaps must not get there.
  list_content >"$secrets/content" || exit 1
  run_script host "export ADOPT=$ADOPT"$'\n'"$CHECK" <"$secrets/content" || code=$?
  case $code in
    0) return 0 ;;
    3) return 1 ;;
    *) exit "$code" ;;
  esac
}

define_login host "$REMOTE_USER" "$ADDRESS" "$PORT" "$HOST_KEY"
# A host that has just started answers after a few seconds.
await_login host "$ATTEMPTS" || {
  echo "$HOST does not answer by SSH: $(print_login_error)" >&2
  exit 1
}
! has_everything || exit 0
print_archives | run_script host "${ADOPT:+export ADOPT=$ADOPT$'\n'}$RECEIVE"
