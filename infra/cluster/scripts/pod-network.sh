#!/usr/bin/env bash
# Functions for the network between pods, which is that of the whole cluster.
# input: POD_NETWORK (that of the cluster's file: KIND PODS SERVICES)

# Prints the network that a member of a cluster already has. The first version recorded none and had only this one.
read_pod_network() {
  [ -f /etc/kubernetes/initialised ] || [ -f /etc/kubernetes/joined ] || return 0
  cat /etc/mixcpt/pod-network 2>/dev/null || echo "routes 10.244.0.0/16 10.96.0.0/16"
}

# Prints a network as it is written in the cluster's file.
# arguments: KIND PODS SERVICES
format_pod_network() { echo "podNetwork: { kind: $1, pods: $2, services: $3 }"; }

# Prints why this machine cannot have the network of the cluster's file; nothing if it can.
describe_other_pod_network() {
  local existing
  existing=$(read_pod_network)
  [ -n "$existing" ] && [ "$existing" != "$POD_NETWORK" ] || return 0
  # shellcheck disable=SC2086 # three words
  echo "its cluster has $(format_pod_network $existing) and cannot change to $(format_pod_network $POD_NETWORK);" \
    "write the former into the cluster's file, or remove the cluster with ./mixcpt cluster destroy first"
}
