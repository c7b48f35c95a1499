#!/usr/bin/env bash
# The Versity S3 gateway over a directory.
set -euo pipefail
# shellcheck source=server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"
version=v1.8.0
program=$cache/versitygw-$version
export ROOT_ACCESS_KEY=$key ROOT_SECRET_KEY=$secret

install() { go_install "github.com/versity/versitygw/cmd/versitygw@$version"; }
serve() { daemon "$program" --port "127.0.0.1:$2" --health /health --quiet posix "$1/data"; }
healthy() { curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$1/health" 2>/dev/null; }

main "$@"
