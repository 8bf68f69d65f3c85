#!/usr/bin/env bash
# Creates the private key that may log in to the local hosts, unless it exists, and prints it.
# input: KEY (its file)
set -euo pipefail
mkdir -p "$(dirname "$KEY")"
[ -f "$KEY" ] || ssh-keygen -q -t ed25519 -N '' -C mixcpt -f "$KEY"
cat "$KEY"
