import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findEarlyProblems } from "../../../cli/rejectBrokenSettings";
import { projectFolder } from "../../../cli/versions";

const pathsOf = (stackFile: string) => findEarlyProblems(stackFile).map(({ path }) => path);

describe("a stack file, before anything is installed for it", () => {
  it("is told of all of its mistakes at once", () => {
    const file = `
config:
  glasshouse:network: { subnet: 10.0.0.0/99 }
  glasshouse:apps:
    - { name: web, image: "shop/web:latest", replicas: many }
    - { name: db, image: "shop/db:1", secrets: { PASSWORD: { config: dbPassword } } }
  other:setting: ignored
`;
    expect(pathsOf(file)).toStrictEqual([
      "apps[0].replicas",
      "apps[1].secrets.PASSWORD.config",
      "network.subnet",
    ]);
  });

  it("may leave values to `npm run up` and to Pulumi", () => {
    const app = "{ name: db, image: 'shop/db:1', secrets: { PASSWORD: { config: key";
    expect(pathsOf(`config:\n  glasshouse:apps: [${app}, generate: true } } }]`)).toStrictEqual([]);
    expect(
      pathsOf(`config:\n  glasshouse:key: { secure: v1:x }\n  glasshouse:apps: [${app} } } }]`),
    ).toStrictEqual([]);
    expect(pathsOf(`config:\n  glasshouse:apps: '[{"name":"web","image":"a:1"}]'`)).toStrictEqual(
      [],
    );
    expect(pathsOf("config:\n  glasshouse:apps: samples")).toStrictEqual([]);
    expect(pathsOf("")).toStrictEqual([]);
  });

  it("may be given `dashboards: board` by the first `npm run up`", () => {
    const apps = "glasshouse:apps: [{ name: web, image: 'shop/web:1', publishPort: 3000 }]";
    expect(pathsOf(`config:\n  ${apps}`)).toStrictEqual([]);
    expect(pathsOf(`config:\n  glasshouse:dashboards: grafana\n  ${apps}`)).toHaveLength(1);
  });

  it.each([
    ["an environment of Pulumi's", "environment: [shared]\nconfig:\n  glasshouse:network: 1"],
    ["an encrypted setting", "config:\n  glasshouse:network: { secure: v1:x }"],
    ["a merged key", "config:\n  glasshouse:network: { <<: { subnet: 1 } }"],
    ["a number of YAML 1.1", "config:\n  glasshouse:network: { subnet: 1_0 }"],
    ["an encrypted part", "config:\n  glasshouse:network: { subnet: { secure: v1:x } }"],
  ])("is left to the program where %s hides settings", (_, file) => {
    expect(findEarlyProblems(file)).toStrictEqual([]);
  });

  it("has none in those that come along", () => {
    const files = readdirSync(projectFolder).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      expect([file, pathsOf(readFileSync(join(projectFolder, file), "utf8"))]).toEqual([file, []]);
    }
  });
});
