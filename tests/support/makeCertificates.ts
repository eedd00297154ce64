import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes an authority of a test's own, and by it a server's and a client's certificate, in folders
 * `server` and `client` with the names that Docker expects.
 *
 * @param server who the server is, as OpenSSL's `subjectAltName` has it
 * @see https://docs.docker.com/engine/security/protect-access/
 */
export function makeCertificates(folder: string, server = "IP:127.0.0.1"): void {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  const file = (name: string) => join(folder, name);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(
    ...["req", "-x509", ...key, "-days", "2", "-subj", "/CN=glasshouse test"],
    ...["-keyout", file("ca-key.pem"), "-out", file("ca.pem")],
  );
  for (const [name, usage] of [
    ["server", `serverAuth\nsubjectAltName=${server}`],
    ["client", "clientAuth"],
  ] as const) {
    mkdirSync(file(name));
    const own = (part: string) => join(folder, name, part);
    const request = own("request.pem");
    openssl("req", ...key, "-subj", `/CN=${name}`, "-keyout", own("key.pem"), "-out", request);
    writeFileSync(own("extensions"), `extendedKeyUsage=${usage}\n`);
    openssl(
      ...["x509", "-req", "-days", "2", "-in", request, "-extfile", own("extensions")],
      ...["-CA", file("ca.pem"), "-CAkey", file("ca-key.pem"), "-CAcreateserial"],
      ...["-out", own("cert.pem")],
    );
    execFileSync("cp", [file("ca.pem"), own("ca.pem")]);
  }
}
