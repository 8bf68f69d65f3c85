# shellcheck shell=bash
# Functions for the address under which a cluster's API servers are reached. Part of scripts that run on a control plane.
# input: ADDRESS (of the machine), ENDPOINT (host:port), HELD_ADDRESS (that the control planes themselves hold; empty if
#        a load balancer has it)

# Prints the network device that has an address of this machine; nothing if none has.
find_device() { ip -4 -o address show to "$1/32" | awk '{ print $2; exit }'; }

drop_held_address() {
  local device
  device=$(find_device "$HELD_ADDRESS")
  [ -z "$device" ] || ip address delete "$HELD_ADDRESS/32" dev "$device"
}

# True if the neighbors of this machine have one with the address: a connection makes the kernel ask for it.
is_address_in_use() {
  timeout 10 bash -c ": <>/dev/tcp/$HELD_ADDRESS/22" 2>/dev/null || true
  grep -q lladdr <<<"$(ip -4 neighbor show to "$HELD_ADDRESS")"
}

# True if an API server is at the endpoint, whether or not it lets everybody ask for its version. A busy one counts.
does_endpoint_answer() {
  local answer
  answer=$(/usr/local/bin/kubectl --server="https://$ENDPOINT" --insecure-skip-tls-verify --request-timeout=30s \
    get --raw /version 2>&1) || true
  grep -qE 'gitVersion|Forbidden|Unauthorized|must be logged in' <<<"$answer"
}

# A machine that was installed again would make a second cluster beside the one that answers.
refuse_other_cluster() {
  ! does_endpoint_answer || fail "an API server answers at $ENDPOINT already; nothing was changed. If this machine is" \
    "new or was installed again, put its line below those of the other control planes, so that it joins them." \
    "If that server belongs to another cluster, choose another endpoint"
  [ -n "$HELD_ADDRESS" ] || return 0
  ! is_address_in_use || fail "the endpoint's address $HELD_ADDRESS is in use; nothing was changed. Choose an address" \
    "that no machine of this network has"
}

# Holds the address until kube-vip does, which needs the API server first.
take_address() {
  [ -n "$HELD_ADDRESS" ] || return 0
  mkdir -p /etc/mixcpt
  echo "$HELD_ADDRESS" >/etc/mixcpt/endpoint # for reset-node.sh
  [ -n "$(find_device "$HELD_ADDRESS")" ] || ip address add "$HELD_ADDRESS/32" dev "$(find_device "$ADDRESS")"
}
