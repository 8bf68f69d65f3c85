#!/usr/bin/env bash
# Runs on the first node: prints the command that joins one other node. Every node gets a separate token.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubeadm token create --ttl 24h --print-join-command
