#!/usr/bin/env bash
# Runs on a control plane: writes an archive of what all of them share to standard output: the keys of the certificate
# authorities and of service accounts, and what the API servers mount, with the key of the Secrets in etcd.
# input: HOST, LOGIN, OWNER (see host-owner.sh)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/host-owner.sh"

require_owner
exec tar -c -f - -C /etc/kubernetes apiserver pki/{ca,front-proxy-ca,etcd/ca}.{crt,key} pki/sa.{key,pub}
