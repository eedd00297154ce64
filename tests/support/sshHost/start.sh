#!/bin/sh
set -eu

# Keys come at the start, so that no image holds one.
for user in root deploy guest stranger; do
  home=$(getent passwd "$user" | cut -d: -f6)
  install -d -m 700 -o "$user" -g "$user" "$home/.ssh"
  install -m 600 -o "$user" -g "$user" /keys/authorized "$home/.ssh/authorized_keys"
done
install -m 600 /keys/host /etc/ssh/glasshouse_host_key
cat >/etc/ssh/sshd_config.d/glasshouse.conf <<CONFIG
HostKey /etc/ssh/glasshouse_host_key
PasswordAuthentication no
PermitRootLogin prohibit-password
Match User deploy
  AllowTcpForwarding no
CONFIG

# Else no container can be started in here.
grep cgroup /proc/self/mounts | cut -d" " -f2 | while read -r folder; do
  mount -o remount,bind,rw "$folder" || true
done
if [ "${1:-}" = systemd ]; then
  exec /sbin/init
fi
mkdir -p /run/sshd
/usr/sbin/sshd -E /var/log/sshd.log
# Not the container's own process, since it is restarted.
setsid dockerd >>/var/log/dockerd.log 2>&1 </dev/null &
exec sleep infinity
