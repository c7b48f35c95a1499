# shellcheck shell=bash
# What the scripts of servers share: each sets `module` and `binary`, defines `serve DIR PORT` and `healthy PORT`, and calls
# `main "$@"`:
#   install           build the server from Go's module proxy, once for each version
#   path              where its program is, or would be
#   start DIR PORT    start it on the loopback interface with its data in DIR, wait, print its URL
#   stop DIR          stop what start left in DIR
set -euo pipefail
cache=${STACK_SERVERS_DIR:-$HOME/.cache/stack-servers}

fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

install_server() {
  [[ -x $cache/$binary ]] && return
  command -v go >/dev/null || fail "Go is needed to build $module"
  local build
  mkdir -p "$cache"
  build=$(mktemp -d "$cache/build.XXXXXX")
  trap 'rm -rf "$build"' RETURN
  GOBIN=$build go install -trimpath "$module"
  mv "$build"/* "$cache/$binary"
}

start_server() {
  local dir=$1 port=$2 pid
  [[ -x $cache/$binary ]] || fail "it is not installed: $0 install"
  mkdir -p "$dir/data"
  serve "$dir" "$port" </dev/null >"$dir/server.log" 2>&1 &
  pid=$!
  echo "$pid" >"$dir/server.pid"
  for ((tries = 0; tries < 300; tries++)); do
    if healthy "$port"; then
      echo "http://127.0.0.1:$port"
      return
    fi
    kill -0 "$pid" 2>/dev/null || fail "it ended while it started: $(tail -n 5 "$dir/server.log")"
    sleep 0.1
  done
  kill "$pid"
  fail "it did not answer within 30 seconds: $(tail -n 5 "$dir/server.log")"
}

stop_server() {
  local dir=$1 pid
  [[ -s $dir/server.pid ]] || return 0
  pid=$(<"$dir/server.pid")
  kill "$pid" 2>/dev/null || true
  for ((tries = 0; tries < 100; tries++)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  rm -f "$dir/server.pid"
}

main() {
  case "${1:-} $#" in
    'install 1') install_server ;;
    'path 1') echo "$cache/$binary" ;;
    'start 3') start_server "$2" "$3" ;;
    'stop 2') stop_server "$2" ;;
    *) fail "usage: ${0##*/} install | path | start DIR PORT | stop DIR" ;;
  esac
}
