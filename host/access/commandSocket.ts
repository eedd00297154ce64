import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { Duplex } from "node:stream";

/**
 * A command's standard input and output as the connection that an HTTP client talks over.
 *
 * @param explain makes an error of what the command said when it ended by itself
 */
export class CommandSocket extends Duplex {
  constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    explain: (stderr: string) => Error,
  ) {
    super();
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.once("error", (thrown) => this.destroy(thrown));
    child.once("close", (exitCode) => {
      if (exitCode !== 0) {
        this.destroy(explain(stderr));
        return;
      }
      this.once("end", () => this.destroy());
      this.push(null);
      // An idle connection is not read from, so that it is gone and must not be used again would go unnoticed.
      if (this.readableLength === 0) this.resume();
    });
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(
    chunk: Buffer,
    encoding: BufferEncoding,
    callback: (error?: Error | null) => void,
  ): void {
    // A command that has ended says by itself why; "EPIPE" would hide that.
    this.child.stdin.write(chunk, encoding, () => callback());
  }

  override _final(callback: () => void): void {
    this.child.stdin.end(() => callback());
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.child.kill();
    callback(error);
  }

  // What Node's HTTP client asks of a socket beyond a stream. Unused, it must not keep the program from ending.

  ref(): this {
    this.child.ref();
    for (const pipe of this.pipes) pipe.ref?.();
    return this;
  }

  unref(): this {
    this.child.unref();
    for (const pipe of this.pipes) pipe.unref?.();
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  // They are sockets, which the types do not say.
  private get pipes(): readonly { ref?: () => void; unref?: () => void }[] {
    const { stdin, stdout, stderr } = this.child;
    return [stdin, stdout, stderr] as unknown as readonly {
      ref?: () => void;
      unref?: () => void;
    }[];
  }
}
