/** The folder that the user called a command from: npm itself changes to the checkout's. */
export function callersFolder(): string {
  return process.env["INIT_CWD"] ?? process.cwd();
}
