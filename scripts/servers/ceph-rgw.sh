#!/usr/bin/env bash
# The Ceph Object Gateway on the smallest cluster there is: one monitor, one store in memory. It forgets everything when it stops.
set -euo pipefail
# shellcheck source=server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"
program=/usr/bin/radosgw
# There is nothing to be kept, and the three wait for one another when they are asked.
stop_signal=KILL

install() {
  [[ -x $program ]] && return
  local root=()
  ((EUID == 0)) || root=(sudo -n)
  "${root[@]}" apt-get -qq update
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 install -y --no-install-recommends \
    ceph-mon ceph-osd radosgw ceph-common >/dev/null || fail 'the packages of Debian were not installed'
}

serve() {
  local cluster mon
  cluster=$(cd "$1" && pwd) mon=$(port_below_ephemeral)
  rm -rf "$cluster"/{mon,osd,keyring}
  mkdir -p "$cluster"/{mon,osd}
  write_conf "$cluster" "$mon" "$2" >"$cluster/ceph.conf"
  export CEPH_CONF=$cluster/ceph.conf CEPH_ARGS=
  {
    ceph-authtool --create-keyring "$cluster/keyring"
    authorise mon. --cap mon 'allow *'
    authorise client.admin --cap mon 'allow *' --cap osd 'allow *'
    authorise osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
    authorise client.rgw --cap mon 'allow rwx' --cap osd 'allow rwx'
    monmaptool --create --clobber --fsid "$fsid" --addv a "[v2:127.0.0.1:$mon]" "$cluster/monmap"
    ceph-mon --mkfs -i a --monmap "$cluster/monmap"
  } >>"$dir/server.log" 2>&1
  daemon ceph-mon -i a -f
  {
    ceph --connect-timeout 60 osd new "$fsid"
    ceph-osd -i 0 --mkfs --osd-uuid "$fsid"
    ceph osd crush add osd.0 1 root=default host=localhost
  } >>"$dir/server.log" 2>&1
  daemon ceph-osd -i 0 -f
  daemon radosgw -n client.rgw -f
  radosgw-admin -n client.rgw user create --uid=test --display-name=test --access-key="$key" --secret-key="$secret" \
    >>"$dir/server.log" 2>&1
}
healthy() { curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$1/" 2>/dev/null; }

authorise() { ceph-authtool "$cluster/keyring" --gen-key -n "$@"; }

# A port that nothing listens on and that the kernel gives to no connection.
port_below_ephemeral() {
  local port
  while port=$((20000 + RANDOM % 10000)); do
    (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

write_conf() {
  cat <<END
[global]
fsid = $fsid
mon host = v2:127.0.0.1:$2
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = $1/keyring
run dir = $1
admin socket = $1/\$name.asok
log file = $1/\$name.log
mon cluster log to file = false
mon data = $1/mon
osd data = $1/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
rgw frontends = beast endpoint=127.0.0.1:$3
rgw run sync thread = false
END
}

fsid=$(cat /proc/sys/kernel/random/uuid)
main "$@"
