# shellcheck shell=bash
# Functions for the members of etcd. Part of scripts that run on a control plane.

# arguments: ARGUMENT... of etcdctl
run_etcdctl() {
  local pki=/etc/kubernetes/pki/etcd
  /usr/local/bin/etcdctl --endpoints=https://127.0.0.1:2379 --cacert="$pki/ca.crt" --cert="$pki/healthcheck-client.crt" \
    --key="$pki/healthcheck-client.key" "$@"
}

# Prints lines "ID NAME PEER-URL". A member that has not started has no name; it gets the name -.
list_members() {
  run_etcdctl member list --write-out=simple | awk -F', *' '{ print $1, ($3 == "" ? "-" : $3), $4 }'
}

does_member_answer() {
  run_etcdctl --endpoints="${1/:2380/:2379}" --command-timeout=30s endpoint health >/dev/null 2>&1
}

# etcd refuses while a member has just come or gone. arguments: ID
remove_member() {
  local attempt error
  for attempt in $(seq 15); do
    error=$(run_etcdctl member remove "$1" 2>&1) && return 0
    sleep 2
  done
  fail "etcd does not let its member $1 go, although it was asked $attempt times: $error"
}

# Removes the members whose machines are gone: those with a name or an address. arguments: NAME ADDRESS
remove_members_of() {
  local id name url
  while read -r id name url; do
    [ "$name" = "$1" ] || [ "$url" = "https://$2:2380" ] || continue
    echo "removes the etcd member $id of $name ($url)" >&2
    remove_member "$id"
  done < <(list_members)
}
