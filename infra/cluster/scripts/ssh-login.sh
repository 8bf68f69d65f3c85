#!/usr/bin/env bash
# Functions that log in to hosts from the operator's machine. Part of the scripts that run there.
# input: PRIVATE_KEY (content; empty for the keys of the SSH agent),
#        BASTION_ADDRESS, BASTION_PORT, BASTION_USER, BASTION_HOST_KEY (empty if hosts are reached directly)
secrets=$(mktemp -d)
trap 'rm -rf "$secrets"' EXIT
# The scripts of one `cluster up` share a connection for each host: sshd and fail2ban count logins.
sockets=/tmp/mixcpt-ssh-$UID
declare -A users=()

prepare_logins() {
  local identity="IdentityFile none"
  (umask 077 && mkdir -p "$sockets")
  if [ ! -O "$sockets" ] || [ -L "$sockets" ]; then
    echo "$sockets belongs to another user and cannot hold this user's SSH connections; remove it" >&2
    return 1
  fi
  if [ -n "$PRIVATE_KEY" ]; then
    (umask 077 && printf '%s\n' "$PRIVATE_KEY" >"$secrets/key")
    identity="IdentityFile $secrets/key"$'\n'"IdentitiesOnly yes"$'\n'"IdentityAgent none"
  fi
  # The cipher is twice as fast as the default if the processor accelerates AES.
  cat >"$secrets/config" <<CONFIG
BatchMode yes
ConnectTimeout 20
ServerAliveInterval 15
LogLevel ERROR
UserKnownHostsFile $secrets/known_hosts
GlobalKnownHostsFile none
StrictHostKeyChecking yes
UpdateHostKeys no
Ciphers ^aes128-gcm@openssh.com
$identity
CONFIG
  [ -z "${BASTION_ADDRESS:-}" ] ||
    define_login bastion "$BASTION_USER" "$BASTION_ADDRESS" "$BASTION_PORT" "$BASTION_HOST_KEY"
}

# Names a login. Only its host key is accepted. arguments: NAME USER ADDRESS PORT HOST_KEY
define_login() {
  local name=$1 jump=none socket
  [ "$name" = bastion ] || [ -z "${BASTION_ADDRESS:-}" ] || jump=bastion
  users[$name]=$2
  # A connection is shared by equal logins only: another key may not use it.
  socket=$(printf '%s\n' "${@:2}" "$PRIVATE_KEY" "${SSH_AUTH_SOCK:-}" "${BASTION_USER:-}" "${BASTION_ADDRESS:-}" \
    "${BASTION_PORT:-}" "${BASTION_HOST_KEY:-}" | sha256sum | cut -c1-16)
  echo "$name $5" >>"$secrets/known_hosts"
  cat >>"$secrets/config" <<CONFIG
Host $name
  User $2
  HostName $3
  Port $4
  HostKeyAlias $name
  ProxyJump $jump
  ControlPath $sockets/$socket
CONFIG
}

# arguments: NAME COMMAND
run_remotely() { ssh -F "$secrets/config" "$1" "$2"; }

# Runs a script on a host as root. The script is sent before standard input, in one stream, so that neither lists of
# processes nor the log of sudo show it. arguments: NAME SCRIPT
run_script() {
  local size
  size=$(LC_ALL=C && echo "${#2}")
  { printf '%s' "$2" && cat; } | run_remotely "$1" "$(print_sudo "$1")bash -c 'eval \"\$(head -c $size)\"'"
}

# Prints what comes before a command that needs root. arguments: NAME
print_sudo() { [ "${users[$1]}" = root ] || printf 'sudo -n '; }

# True if the shared connection exists and its host still answers. Otherwise it gets no further sessions, but ends none:
# a busy line answers late, and ServerAliveInterval ends a dead one. arguments: NAME
is_open() {
  local code=0
  ssh -F "$secrets/config" -O check "$1" 2>/dev/null || return 1
  timeout 6 ssh -F "$secrets/config" "$1" true </dev/null >/dev/null 2>&1 || code=$?
  # Another code is an answer: a bastion may run no commands.
  [ "$code" = 124 ] || [ "$code" = 255 ] || return 0
  ssh -F "$secrets/config" -O stop "$1" 2>/dev/null
  return 1
}

# Makes run_script run scripts as the user that logs in. arguments: NAME
renounce_root() { users[$1]=root; }

# Opens the shared connection unless it is open. It ends a minute after its last use. arguments: NAME SECONDS (left)
open_connection() {
  local socket limit=$(($2 < 1 ? 1 : $2 > 20 ? 20 : $2))
  socket=$(ssh -F "$secrets/config" -G "$1" | sed -n 's/^controlpath //p')
  (
    flock 9
    is_open "$1" && exit 0
    [ "$1" = bastion ] || [ -z "${BASTION_ADDRESS:-}" ] || open_connection bastion "$2" || exit 1
    # -f returns after the login. The process in the background must hold neither the lock nor the caller's output.
    ssh -F "$secrets/config" -f -N -M -o ControlPersist=60 -o ConnectTimeout="$limit" "$1" \
      </dev/null >/dev/null 2>"$secrets/reason" 9>&-
  ) 9>"$socket.lock"
}

# True if no further attempt can succeed. Each refused login counts: fail2ban bans an address after a few.
is_login_refused() {
  grep -qiE 'permission denied|too many authentication failures|host key verification failed' \
    "$secrets/reason"
}

# True as soon as a login succeeds. A host that is silent gets five seconds for each attempt, all together: a busy one
# answers after more. arguments: NAME ATTEMPTS
await_login() {
  local attempt end=$((SECONDS + 5 * $2))
  has_key || return 1
  for attempt in $(seq "$2"); do
    open_connection "$1" $((end - SECONDS)) && return 0
    ! is_login_refused || return 1
    if [ "$attempt" = "$2" ] || [ "$SECONDS" -ge "$end" ]; then return 1; fi
    sleep "$([ "$attempt" -gt 10 ] && echo 2 || echo 0.5)"
  done
  return 1
}

# True if there is a key to log in with.
has_key() {
  local code=0
  [ -z "$PRIVATE_KEY" ] || return 0
  ssh-add -l >/dev/null 2>&1 || code=$?
  case $code in
    0) return 0 ;;
    1) echo "the SSH agent has no key; run ssh-add FILE, or set privateKeyFile" ;;
    *) echo "no SSH agent answers at SSH_AUTH_SOCK=${SSH_AUTH_SOCK:-}; start one (eval \$(ssh-agent), then ssh-add" \
      "FILE), or set privateKeyFile" ;;
  esac >"$secrets/reason"
  return 1
}

# Prints the reason why the last attempt to log in failed.
print_login_error() {
  local reason advice=""
  reason=$(sed '/^@/d' "$secrets/reason" | tr '\n\r' '  ' | sed 's/ *$//')
  case $reason in
    *"ermission denied"*) advice="; the user accepts no such key: ssh-copy-id allows it to log in" ;;
    *"Too many authentication"*) advice="; keep fewer keys in the SSH agent (ssh-add -d), or set privateKeyFile" ;;
    *"ost key verification"*)
      reason="it has another key than the hostKey of the cluster's file"
      advice=". If it was reinstalled, write there what it has in /etc/ssh/ssh_host_*_key.pub"
      ;;
  esac
  echo "$reason$advice"
}

prepare_logins
