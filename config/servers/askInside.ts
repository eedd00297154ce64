/** Command of a health check that asks a server inside its own container: `wget` is in every image that Glasshouse deploys. */
export function askInside(port: number, path: string): string[] {
  return ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}${path}`];
}
