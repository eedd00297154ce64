import { findMissingSecrets } from "../../../cli/generateSecrets";

const apps = `
  glasshouse:apps:
    - name: db
      secrets:
        POSTGRES_PASSWORD: { config: dbPassword, generate: true }
    - name: web
      secrets:
        DATABASE_PASSWORD: { config: dbPassword }
        API_KEY: { config: apiKey }
    - name: cache
      secrets:
        PASSWORD: { config: dbPassword, generate: true }
`;

describe("a secret to be generated", () => {
  it("is one that says so, of each app that does", () => {
    expect([...findMissingSecrets(`config:${apps}`)]).toStrictEqual([
      ["dbPassword", ["db", "cache"]],
    ]);
  });

  it("is none that the stack file has", () => {
    const file = `config:\n  glasshouse:dbPassword:\n    secure: v1:abc${apps}`;
    expect([...findMissingSecrets(file)]).toStrictEqual([]);
  });

  it.each([
    "",
    "config:",
    "config: { glasshouse:apps: 1 }",
    "config: { glasshouse:apps: [null, { secrets: { A: null } }] }",
  ])("is none in a stack file that the program has to refuse: %j", (file) => {
    expect([...findMissingSecrets(file)]).toStrictEqual([]);
  });
});
