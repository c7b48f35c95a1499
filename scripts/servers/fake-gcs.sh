#!/usr/bin/env bash
# fake-gcs-server, the JSON API of Google Cloud Storage, in memory: it forgets everything when it stops.
set -euo pipefail
# shellcheck source=server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"
version=v1.56.1
program=$cache/fake-gcs-server-$version

install() { go_install "github.com/fsouza/fake-gcs-server@$version"; }
serve() {
  daemon "$program" -scheme http -host 127.0.0.1 -port "$2" -backend memory -log-level warn \
    -public-host "127.0.0.1:$2" -external-url "http://127.0.0.1:$2"
}
healthy() { curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$1/_internal/healthcheck" 2>/dev/null; }

main "$@"
