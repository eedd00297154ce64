import { selectSeries } from "../../../../config/prometheus/selectSeries";

describe("a selector", () => {
  it("holds the job and all matchers", () => {
    expect(selectSeries("x_total", "iotd-api", 'uri="/image"', 'status=~"5.."')).toBe(
      'x_total{job="iotd-api",uri="/image",status=~"5.."}',
    );
  });

  it("quotes whatever a job is called", () => {
    expect(selectSeries("up", 'the "best"\\job')).toBe(String.raw`up{job="the \"best\"\\job"}`);
  });
});
