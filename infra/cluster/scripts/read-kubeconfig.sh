#!/usr/bin/env bash
# Runs on the first node: prints the administrator's kubeconfig.
set -euo pipefail
cat /etc/kubernetes/admin.conf
