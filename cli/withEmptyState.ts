import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isMap, isScalar, parseDocument } from "yaml";
import { findMissingSecrets } from "./generateSecrets";
import { pulumi, type PulumiSession } from "./pulumiSession";
import { projectFolder } from "./versions";

const placeholder = "not-known-to-this-preview";

/**
 * A state of its own, with nothing in it and gone afterwards, for a stack that was never deployed and for those who may
 * not see its state. Secrets of the stack file cannot be read there, and those that an `up` would generate are not there yet: each
 * gets a value that says so.
 */
export async function withEmptyState<T>(
  session: PulumiSession,
  stack: string,
  stackFileCopy: string,
  use: (session: PulumiSession) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-empty-"));
  try {
    const { PULUMI_CONFIG_PASSPHRASE_FILE: _file, ...env } = session.env;
    const empty: PulumiSession = {
      ...session,
      stateFolder: folder,
      env: {
        ...env,
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: placeholder,
      },
    };
    const generated = findMissingSecrets(readFileSync(stackFileCopy, "utf8"));
    const secrets = [...generated.keys(), ...dropEncrypted(stackFileCopy)];
    const target = ["--stack", stack, "--config-file", stackFileCopy, "--non-interactive"];
    // In the copy's folder, where Pulumi does not see the salt of another passphrase in the checkout's own stack file.
    const copyFolder = dirname(stackFileCopy);
    copyFileSync(join(projectFolder, "Pulumi.yaml"), join(copyFolder, "Pulumi.yaml"));
    const init = ["stack", "init", stack, "--no-select", "--non-interactive"];
    await pulumi(empty, "--cwd", copyFolder, ...init);
    for (const key of secrets) {
      await pulumi(empty, "config", "set", "--secret", key, placeholder, ...target);
    }
    return await use(empty);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the keys whose values were encrypted */
function dropEncrypted(file: string): string[] {
  const document = parseDocument(readFileSync(file, "utf8"));
  document.delete("encryptionsalt");
  const config = document.get("config");
  const keys = isMap(config)
    ? config.items.flatMap(({ key, value }) =>
        isMap(value) && value.has("secure")
          ? [isScalar(key) ? String(key.value) : String(key)]
          : [],
      )
    : [];
  for (const key of keys) document.deleteIn(["config", key]);
  writeFileSync(file, document.toString({ lineWidth: 0 }));
  return keys;
}
