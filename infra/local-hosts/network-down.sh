#!/usr/bin/env bash
# Removes the network of the instance's local hosts. The route that keeps requests to them on this machine stays until
# the next boot. input: INSTANCE
set -euo pipefail
name="mx$INSTANCE"
ip link delete "$name" 2>/dev/null || true
ip netns delete "$name" 2>/dev/null || true
