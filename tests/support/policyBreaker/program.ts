import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/** Has the name of the component whose containers the rules take for an app's. */
class App extends pulumi.ComponentResource {
  constructor(name: string) {
    super("glasshouse:app:App", name, {}, {});
    const child = { parent: this };
    const image = new docker.RemoteImage(`${name}-image`, { name: "debian:latest" }, child);
    new docker.Container(
      `${name}-1`,
      {
        image: image.imageId,
        user: "root",
        envs: ["DB_PASSWORD=a-test's"],
        ports: [{ internal: 80, external: 28099, ip: "0.0.0.0" }],
      },
      child,
    );
    this.registerOutputs({});
  }
}

new App("bad");
