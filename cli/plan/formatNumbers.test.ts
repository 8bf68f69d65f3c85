import {
  formatByteSize,
  formatHours,
  formatBand,
  formatThreeDigits,
  formatTokenCount,
  formatTokenEstimate,
} from "./formatNumbers.ts";

describe("the numbers of a plan", () => {
  it.each([
    [1234.5, "1,235"],
    [12.345, "12.3"],
    [0.004217, "0.00422"],
    [0, "0"],
    [100, "100"],
  ])("have three significant digits: %d is %s", (value, text) => {
    expect(formatThreeDigits(value)).toBe(text);
  });

  it("use the most readable unit", () => {
    expect([formatByteSize(1.285e12), formatByteSize(128.5e9), formatByteSize(19.1e6), formatByteSize(0)]).toEqual([
      "1.29 TB",
      "129 GB",
      "19.1 MB",
      "0 B",
    ]);
    expect([formatHours(3.8), formatHours(1.41), formatHours(0.003)]).toEqual(["3.8 h", "84.6 min", "10.8 s"]);
    expect([formatTokenCount(92_112_452), formatTokenCount(15_360)]).toEqual(["92.1 M", "15,360"]);
  });

  it.each([
    [{ total: 371e6, low: 247e6, high: 495e6 }, "371 M (247–495)"],
    [{ total: 45_000, low: 30_000, high: 60_000 }, "45,000 (30,000–60,000)"],
    [{ total: 1_200_000, low: 900_000, high: 1_500_000 }, "1.2 M (0.9–1.5)"],
  ])("have the range of tokens in the unit of the total: %j is %s", (ends, text) => {
    expect(formatTokenEstimate({ ...ends, from: "words", bySource: {}, byLanguage: {} })).toBe(text);
  });

  it("can be a range", () => {
    expect(formatBand({ low: 84, high: 117.2 })).toBe("84–117");
    expect(formatBand({ low: 9e-7, high: 1e-6 })).toBe("<0.001");
  });
});
