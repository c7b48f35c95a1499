#!/usr/bin/env bash
# Installs every server that the tests run against; one that is there is left alone. Go's builds use every core, so they follow one
# another, while the packages of Debian are fetched and unpacked beside them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

./ceph-rgw.sh install &
packages=$!
for server in versitygw fake-gcs minio; do ./$server.sh install; done
wait "$packages"
