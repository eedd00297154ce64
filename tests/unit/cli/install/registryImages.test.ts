import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listNamedImages, registryImages } from "../../../../cli/install/registryImages";
import { projectFolder } from "../../../../cli/versions";

const readExample = (stack: string) =>
  readFileSync(join(projectFolder, `Pulumi.${stack}.yaml`), "utf8");

describe("images that are made here", () => {
  it("are none where a stack file names none", () => {
    expect(listNamedImages(readExample("dev"))).toStrictEqual([]);
  });

  it("are those that a stack file names, after the one that all are made from", () => {
    const { base, prometheus } = registryImages;
    const file = `config: { "glasshouse:prometheus": { image: ${prometheus} } }`;
    expect(listNamedImages(file)).toStrictEqual([base, prometheus]);
  });

  it.each(["offline", "shop", "swarm"])("are those of the example %s", (stack) => {
    const { base, prometheus, haproxy, caddy, cadvisor } = registryImages;
    const named = listNamedImages(readExample(stack));
    expect(named[0]).toBe(base);
    expect(named).toEqual(expect.arrayContaining([base, prometheus, haproxy, caddy, cadvisor]));
  });
});
