import { describeKilled } from "../../../cli/describeKilled";
import { FakeDocker } from "../support/fakeDocker";

let engine: FakeDocker;

beforeEach(async () => {
  engine = await new FakeDocker().start();
});

afterEach(() => engine.stop());

const container = (resource: string) => ({
  ...{ resource, owner: "shop", id: resource, pids: undefined },
  inputs: { name: `glasshouse-dev-${resource}`, image: "sha256:app" },
});

const kill = (ID: string, signal: string, timeNano: number) =>
  JSON.stringify({ Action: "kill", Actor: { ID, Attributes: { signal } }, timeNano });

it("says which of the containers that are gone were killed at the end of their grace", async () => {
  engine.answers["GET /containers/json"] = () => ({
    status: 200,
    body: [{ Id: "new", Names: ["/glasshouse-dev-shop-1"] }],
  });
  const events = ["shop-1", "shop-2"].flatMap((id) => [kill(id, "15", 0), kill(id, "9", 10.1e9)]);
  engine.answers["GET /events"] = () => ({ status: 200, stream: Buffer.from(events.join("\n")) });
  const before = ["shop-1", "shop-2", "shop-3"].map(container);
  expect(await describeKilled({ uri: engine.uri }, before)).toStrictEqual([
    expect.stringMatching(/^shop-2 did not end within its 10 s of grace and was killed/),
  ]);
});
