import type { Workplace } from "../../../bench/workplace";
import { removeByName } from "../../../bench/cleanUp";
import type { Peer, PeerId } from "../../../bench/peers/peer";
import type { SequenceContext } from "../../../bench/rows/sequences";
import { runRounds } from "../../../bench/runRounds";

jest.mock("../../../bench/cleanUp", () => ({ removeByName: jest.fn() }));
jest.mock("../../../bench/rows/ownSequences", () => ({ ownSequences: {} }));

const mockRun = jest.fn<unknown, [sequence: string, peer: PeerId]>();
const mockSequence = (id: string) => ({
  run: async ({ peer, note }: SequenceContext) => {
    mockRun(id, peer.id);
    note(id === "chapter" ? "chapter-destroy" : "scale-30", 1);
  },
});
jest.mock("../../../bench/rows/sequences", () => ({
  sequences: {
    get chapter() {
      return mockSequence("chapter");
    },
    get scale() {
      return mockSequence("scale");
    },
  },
}));

const workplace = {
  stack: { prefix: "glasshouse-bench-1" },
  signal: new AbortController().signal,
} as unknown as Workplace;
const peers = [{ id: "compose" }, { id: "ansible", isSlow: true }] as Peer[];
const options = { rounds: 3, rows: ["chapter-destroy", "scale-30"] } as const;
const called = () => mockRun.mock.calls.map((words) => words.join(" "));

beforeEach(() => {
  jest.clearAllMocks();
  mockRun.mockReset();
  jest.spyOn(console, "log").mockImplementation();
  jest.spyOn(console, "error").mockImplementation();
});

it("begins each round with another tool, and does in fewer rounds what takes long", async () => {
  const { rows, failed } = await runRounds(workplace, peers, options);

  expect(called()).toStrictEqual([
    ...["chapter compose", "chapter ansible", "scale compose", "scale ansible"],
    ...["chapter ansible", "chapter compose", "scale compose"],
    ...["chapter compose", "chapter ansible"],
  ]);
  expect(rows).toStrictEqual({
    "chapter-destroy": { compose: [1, 1, 1], ansible: [1, 1, 1] },
    "scale-30": { compose: [1, 1], ansible: [1] },
  });
  expect(failed).toStrictEqual({});
});

it("tidies up after a tool that failed, asks it for other things only, and says where it was", async () => {
  mockRun.mockImplementation((sequence, peer) => {
    if (sequence === "scale" && peer === "compose") throw new Error("no more memory");
  });
  const { rows, failed } = await runRounds(workplace, peers, options);

  expect(called().filter((words) => words === "scale compose")).toHaveLength(1);
  expect(rows["chapter-destroy"]?.compose).toHaveLength(3);
  expect(rows["scale-30"]).toStrictEqual({ ansible: [1] });
  expect(failed).toStrictEqual({ compose: "round 1 of 3, scale" });
  expect(removeByName).toHaveBeenCalledWith("glasshouse-bench-1");
});
