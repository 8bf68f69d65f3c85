#!/usr/bin/env bash
# Runs on the operator's machine, once for each Pulumi state: prints "ID ORIGIN", by which hosts recognize that state.
# input: CHECKOUT (directory)
set -euo pipefail
echo "$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n') $(id -un)@$(uname -n):${CHECKOUT// /_}"
