#!/usr/bin/env bash
# Runs on the first node: prints the administrator's credentials.
set -euo pipefail
cat /etc/kubernetes/admin.conf
