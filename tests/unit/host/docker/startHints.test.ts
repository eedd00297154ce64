import { type FailedStart, findStartHints } from "../../../../host/docker/startHints";

const start: FailedStart = {
  log: "",
  exitCode: 1,
  oomKilled: false,
  user: "65532:65532",
  readOnly: true,
  memoryMb: 256,
};

describe("the setting to try after a failed start", () => {
  it.each<[string, Partial<FailedStart>, string]>([
    ["an OOM kill", { oomKilled: true, exitCode: 137 }, "memoryMb: 512"],
    ["a kill", { exitCode: 137 }, "memoryMb: 512"],
    ["a command that does not exist", { exitCode: 127 }, "check `command` and `entrypoint`"],
    ["a task that is done", { exitCode: 0 }, "an app has to run on"],
    [
      "nginx on a read-only file system",
      { log: 'mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)' },
      'writablePaths: ["/tmp", "/var/cache/nginx/client_temp"]',
    ],
    [
      "a log file on a read-only file system",
      { log: "open /var/log/app/app.log: read-only file system" },
      'writablePaths: ["/tmp", "/var/log/app"]',
    ],
    ["Node.js on one", { log: "Error: EROFS: read-only file system, open '/app/x.pid'" }, '"/app"'],
    [
      "a full folder in memory",
      { log: "cp: error writing '/tmp/cache': No space left on device" },
      "each folder of `writablePaths` holds 64 MiB",
    ],
    [
      "a port below 1024",
      { log: "bind() to 0.0.0.0:80 failed (13: Permission denied)" },
      'capabilities: ["NET_BIND_SERVICE"]',
    ],
    [
      "another user's folder",
      { log: 'initdb: error: could not access directory "/var/lib/x": Permission denied' },
      "It runs as the user 65532:65532",
    ],
    ["an unknown user", { log: "KeyError: getpwuid(): uid not found: 65532" }, "set `user`"],
    [
      "an entry script that gives data away",
      { log: "chown: changing ownership of '/data': Operation not permitted" },
      'capabilities: ["CHOWN"]',
    ],
    [
      "one that changes its user",
      { log: 'error: failed switching to "redis": operation not permitted (setgroups)' },
      'capabilities: ["SETGID", "SETUID"]',
    ],
  ])("is told for %s", (_what, given, setting) => {
    const hints = findStartHints({ ...start, ...given });
    expect(hints).toHaveLength(1);
    expect(hints[0]).toContain(setting);
  });

  it("is not told of what has nothing to do with it", () => {
    expect(findStartHints({ ...start, log: "connection refused" })).toStrictEqual([]);
    const log = "open /x: read-only file system";
    expect(findStartHints({ ...start, readOnly: false, log })).toStrictEqual([]);
  });
});
