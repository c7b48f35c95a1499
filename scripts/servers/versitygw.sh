#!/usr/bin/env bash
# The Versity S3 gateway over a directory; access key and secret: ROOT_ACCESS_KEY, ROOT_SECRET_KEY.
set -euo pipefail
# shellcheck source=server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"
version=v1.8.0
module=github.com/versity/versitygw/cmd/versitygw@$version
binary=versitygw-$version
export ROOT_ACCESS_KEY=${ROOT_ACCESS_KEY:-testaccess} ROOT_SECRET_KEY=${ROOT_SECRET_KEY:-testsecret123}

serve() { exec "$cache/$binary" --port "127.0.0.1:$2" --health /health --quiet posix "$1/data"; }
healthy() { curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$1/health" 2>/dev/null; }

main "$@"
