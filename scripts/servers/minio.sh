#!/usr/bin/env bash
# A MinIO server.
set -euo pipefail
# shellcheck source=server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"
version=v0.0.0-20260212201848-7aac2a2c5b7c
program=$cache/minio-$version
export MINIO_ROOT_USER=$key MINIO_ROOT_PASSWORD=$secret
# It looks for no updates, has no pages, and refuses the signature of another region as S3 does.
export MINIO_BROWSER=off MINIO_UPDATE=off MINIO_CALLHOME_ENABLE=off MINIO_SITE_REGION=us-east-1

install() { go_install "github.com/minio/minio@$version"; }
serve() { daemon "$program" server --quiet --address "127.0.0.1:$2" "$1/data"; }
healthy() { curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$1/minio/health/ready" 2>/dev/null; }

main "$@"
