# shellcheck shell=bash
# What the scripts of servers share. Each sets `program`, where it is or would be, defines `install`, `serve DIR PORT` (which
# calls `daemon` for each process) and `healthy PORT`, and calls `main "$@"`:
#   install           once for each version
#   path              prints `program`
#   start DIR PORT    on the loopback interface, its data in DIR; waits until it answers, and prints its URL
#   stop DIR          what start left in DIR; nothing where nothing runs
# STACK_SERVERS_DIR is where programs are kept. STACK_SERVER_KEY and STACK_SERVER_SECRET are the credentials of S3 servers.
# With STACK_SERVER_OWNER, a process id, a server stops when that process is gone, and DIR is removed.
set -euo pipefail
cache=${STACK_SERVERS_DIR:-$HOME/.cache/stack-servers}
key=${STACK_SERVER_KEY:-testaccess}
secret=${STACK_SERVER_SECRET:-testsecret123}
seconds=${STACK_SERVER_TIMEOUT:-120}
stop_signal=TERM

fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# Builds `program` from a module of Go's proxy, in a directory of its own: it is whole or not there.
go_install() {
  [[ -x $program ]] && return
  command -v go >/dev/null || fail "Go is needed to build $1"
  mkdir -p "$cache"
  build=$(mktemp -d "$cache/build.XXXXXX")
  trap 'rm -rf "$build"' EXIT
  GOBIN=$build go install -trimpath -ldflags='-s -w' "$1" 2>"$build.log" || fail "it was not built: $(tail -n 20 "$build.log")"
  mv "$build"/* "$program"
  rm "$build.log"
}

# Starts a process that `stop` ends; what it prints goes to DIR/server.log.
daemon() {
  [[ -e $dir/server.pids ]] || fail 'it was stopped while it started'
  apart "$dir/server.log" "$@"
  echo "$! $(born $!)" >>"$dir/server.pids"
}

# Runs a command in the background, its output in a file, in a process group of its own: no signal reaches it that is meant
# for the caller.
apart() {
  local output=$1
  shift
  set -m
  "$@" </dev/null >>"$output" 2>&1 &
  set +m
}

# When a process was started, which tells it from a later one of its number; nothing where it has ended.
born() {
  local stat
  if [[ ! -d /proc/self ]]; then
    ps -o lstart= -p "$1" || true
  elif stat=$(cat "/proc/$1/stat" 2>/dev/null); then
    read -ra stat <<<"${stat##*) }"
    [[ ${stat[0]} == Z ]] || echo "${stat[19]}"
  fi
}

# Says whether all or any of the processes still run.
running() {
  local pid start all=true any=false
  while read -r pid start; do
    if [[ $(born "$pid") == "$start" ]]; then any=true; else all=false; fi
  done <"$dir/server.pids"
  "${!1}"
}

signal() {
  local pid start
  while read -r pid start; do
    [[ $(born "$pid") != "$start" ]] || kill "-$1" "$pid" 2>/dev/null || true
  done <"$dir/server.pids"
}

start_server() {
  local port=$1
  [[ -x $program ]] || fail "it is not installed: $0 install"
  mkdir -p "$dir/data"
  if [[ -s $dir/server.pids ]] && running any; then fail "one runs in $dir: $0 stop $dir"; fi
  : >"$dir/server.pids"
  if [[ -n ${STACK_SERVER_OWNER:-} ]]; then apart /dev/null watch_owner "$STACK_SERVER_OWNER"; fi
  serve "$dir" "$port"
  until healthy "$port"; do
    if ! running all; then stop_server; fail "it ended while it started: $(tail -n 5 "$dir/server.log")"; fi
    if ((SECONDS > seconds)); then stop_server; fail "no answer for $seconds seconds: $(tail -n 5 "$dir/server.log")"; fi
    sleep 0.1
  done
  running all || fail "another program answers at port $port"
  echo "http://127.0.0.1:$port"
}

watch_owner() {
  while kill -0 "$1"; do
    sleep 1
    [[ -e $dir/server.pids ]] || exit 0
  done
  stop_server
  rm -rf "$dir"
}

stop_server() {
  local tries
  [[ -e $dir/server.pids ]] || return 0
  signal "$stop_signal"
  for ((tries = 0; tries < 100; tries++)); do
    running any || break
    sleep 0.1
  done
  signal KILL
  rm -f "$dir/server.pids"
}

main() {
  case "${1:-} $#" in
    'install 1') install ;;
    'path 1') echo "$program" ;;
    'start 3') dir=$2; start_server "$3" ;;
    'stop 2') dir=$2; stop_server ;;
    *) fail "usage: ${0##*/} install | path | start DIR PORT | stop DIR" ;;
  esac
}
