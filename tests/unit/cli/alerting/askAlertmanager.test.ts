import {
  askAlertmanager,
  expireSilence,
  postToAlertmanager,
} from "../../../../cli/alerting/askAlertmanager";
import { connectDocker } from "../../../../host/docker/connectDocker";
import { FakeDocker } from "../../support/fakeDocker";

jest.mock("../../../../host/docker/connectDocker");

const { connectDocker: connect } = jest.requireActual<
  typeof import("../../../../host/docker/connectDocker")
>("../../../../host/docker/connectDocker");

// On another host its port may be open to that host only.
const place = {
  url: "http://127.0.0.1:19093",
  dockerHost: { uri: "ssh://deploy@staging" },
  container: "glasshouse-test-alertmanager",
};
let docker: FakeDocker;
let commands: string[][];

beforeEach(async () => {
  docker = await new FakeDocker().start();
  jest.mocked(connectDocker).mockImplementation(() => connect({ uri: docker.uri }));
  commands = [];
  docker.run = (command) => {
    commands.push(command);
    return { exitCode: 0, output: "answer" };
  };
});

afterEach(() => docker.stop());

describe("an Alertmanager of another host", () => {
  it("is asked inside its container", async () => {
    await expect(askAlertmanager(place, "/api/v2/silences")).resolves.toBe("answer");
    await postToAlertmanager(place, "/api/v2/silences", { comment: "it's" });
    await expireSilence(place, "a1");
    expect(commands).toStrictEqual([
      ["wget", "-q", "-T", "5", "-O", "-", "http://127.0.0.1:9093/api/v2/silences"],
      [
        ...["wget", "-q", "-T", "5", "--header", "Content-Type: application/json"],
        ...[
          "--post-data",
          `{"comment":"it's"}`,
          "-O",
          "-",
          "http://127.0.0.1:9093/api/v2/silences",
        ],
      ],
      ["amtool", "--alertmanager.url=http://127.0.0.1:9093", "silence", "expire", "a1"],
    ]);
    expect(docker.changes.filter((call) => call.endsWith("/exec"))).toStrictEqual(
      Array.from({ length: 3 }, () => "POST /containers/glasshouse-test-alertmanager/exec"),
    );
  });

  it("is told of with what it says when it refuses", async () => {
    docker.run = () => ({ exitCode: 1, output: "wget: server returned error: HTTP/1.1 404\n" });
    await expect(askAlertmanager(place, "/x")).rejects.toThrow(
      "glasshouse-test-alertmanager does not answer, or refuses: wget: server returned error: HTTP/1.1 404",
    );
  });
});
