# Opens what a container that is not privileged keeps closed, and starts the engine after that.
for mount in $(awk '$5 ~ "^/sys/fs/cgroup" {print $5}' /proc/self/mountinfo); do
  # The kernel's groups of limits are read-only.
  mount -o remount,bind,rw "$mount"
done
chmod 666 /dev/net/tun
exec "$@"
