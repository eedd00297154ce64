import { checkServices } from "../../../../cli/doctor/checks/serviceChecks";
import { parseStackState } from "../../../../cli/doctor/parseStackState";

const commands = { docker: "docker", repair: "repair", up: "up", doctor: "doctor" };
const { services, networks } = parseStackState({
  deployment: {
    resources: [
      {
        urn: "urn:pulumi:test::glasshouse::glasshouse:app:App$glasshouse:resources:SwarmService::shop-service",
        type: "glasshouse:resources:SwarmService",
        parent: "urn:pulumi:test::glasshouse::glasshouse:app:App::shop",
        id: "abc",
        inputs: {
          name: "glasshouse-test-shop",
          replicas: 3,
          networks: [{ name: "glasshouse-test", alias: "store" }, { name: "other" }],
        },
      },
      {
        urn: "urn:pulumi:test::glasshouse::glasshouse:resources:OverlayNetwork::network-overlay",
        type: "glasshouse:resources:OverlayNetwork",
        id: "net",
        inputs: { name: "glasshouse-test" },
      },
    ],
  },
});

function findProblems(
  now: { running: number; wanted: number; drift: string } | undefined,
  deployed = services,
): string[] {
  return checkServices(
    { services: deployed },
    { services: { "glasshouse-test-shop": now } },
    commands,
  )
    .flatMap(({ findings }) => findings)
    .map(({ subject, problem, fix }) => `${subject}: ${problem} → ${fix}`);
}

describe("services of a Swarm", () => {
  it("are known by the state, with their network", () => {
    expect(services).toMatchObject([{ owner: "shop", id: "abc", replicas: 3, aliases: ["store"] }]);
    expect(networks).toStrictEqual([{ name: "glasshouse-test", id: "net" }]);
  });

  it("are well with all of their replicas", () => {
    expect(findProblems({ running: 3, wanted: 3, drift: "" })).toStrictEqual([]);
  });

  it("are found gone, changed, or with too few replicas", () => {
    expect(findProblems(undefined)).toStrictEqual(["shop: its service is gone → repair"]);
    expect(
      findProblems({ running: 1, wanted: 3, drift: "was changed by someone else" }),
    ).toStrictEqual([
      "shop: its service was changed by someone else → repair",
      "shop: 1 of 3 replicas run → docker service ps --no-trunc glasshouse-test-shop   (shows why)",
    ]);
  });

  it("have a replica on each node that the Swarm has chosen, where they are for all nodes", () => {
    const global = services.map((each) => ({ ...each, replicas: undefined }));
    expect(findProblems({ running: 5, wanted: 5, drift: "" }, global)).toStrictEqual([]);
    expect(findProblems({ running: 1, wanted: 2, drift: "" }, global)).toStrictEqual([
      "shop: 1 of 2 replicas run → docker service ps --no-trunc glasshouse-test-shop   (shows why)",
    ]);
  });
});
