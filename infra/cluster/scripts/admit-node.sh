#!/usr/bin/env bash
# Runs on the first node: prints the command that joins one other node. Each node has a token of its own.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubeadm token create --ttl 24h --print-join-command
