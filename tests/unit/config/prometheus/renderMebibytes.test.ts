import { renderMebibytes } from "../../../../config/prometheus/renderMebibytes";

describe("renderMebibytes", () => {
  it.each([
    [0, "0B"],
    [1, "1MiB"],
    [32, "32MiB"],
    [1023, "1023MiB"],
    [1024, "1GiB"],
    [1536, "1GiB512MiB"],
    [1_048_576, "1TiB"],
    [1_049_601, "1TiB1GiB1MiB"],
  ])("renders %i MiB as Prometheus does", (mebibytes, text) => {
    expect(renderMebibytes(mebibytes)).toBe(text);
  });
});
