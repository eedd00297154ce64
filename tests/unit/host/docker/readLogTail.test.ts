import { joinFrames } from "../../../../host/docker/readLogTail";
import { frame } from "../../support/fakeDocker";

describe("joinFrames", () => {
  it("joins the frames of both streams in their order", () => {
    const error = frame("failed\n");
    error[0] = 2;
    expect(joinFrames(Buffer.concat([frame("started\n"), error, frame("")]))).toBe(
      "started\nfailed\n",
    );
  });

  it("keeps a character whole that is split between two frames", () => {
    const [a, b] = [Buffer.from("→").subarray(0, 1), Buffer.from("→").subarray(1)];
    expect(joinFrames(Buffer.concat([frame(a), frame(b)]))).toBe("→");
  });

  it("takes what is there of a frame that breaks off", () => {
    expect(joinFrames(frame("broken off").subarray(0, 14))).toBe("broken");
    expect(joinFrames(Buffer.from([1, 0, 0]))).toBe("");
  });
});
