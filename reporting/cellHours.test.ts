import { buildReport } from "./buildReport.ts";
import { listCellHours } from "./cellHours.ts";
import { publishedNumbers } from "./published/publishedNumbers.fixture.ts";
import { sampleNow, sampleStack } from "./sampleStacks.fixture.ts";
import { buildSampleReport } from "./sampleReports.fixture.ts";

describe("GPU-hours", () => {
  it("are training time times devices, two of which are one MI250X, beside the planned hours", () => {
    const run = sampleStack.cells.find(({ id }) => id === "Tiny-Bi-Alt")?.run ?? "";
    const plannedHours = new Map([[run, { low: 0.01, high: 0.02 }]]);
    const hours = listCellHours(
      buildReport({ now: sampleNow, stacks: [sampleStack], published: publishedNumbers, plannedHours }),
    );
    const seconds = hours.map(({ cell }) => cell.result?.training.seconds as number);
    expect(hours.map(({ deviceHours }) => deviceHours)).toEqual(seconds.map((value) => (value * 2) / 3600));
    expect(hours.map(({ gpuHours }) => gpuHours)).toEqual(seconds.map((value) => value / 3600));
    expect(hours.flatMap(({ cell, planned }) => (planned === null ? [] : [[cell.id, planned]]))).toEqual([
      ["Tiny-Bi-Alt", { low: 0.01, high: 0.02 }],
    ]);
  });

  it("are unknown for a run that did not record its devices", () => {
    const configMaps = sampleStack.configMaps.map((configMap) => ({
      ...configMap,
      data: { "scores.json": (configMap.data["scores.json"] ?? "").replace(',"devices":2', "") },
    }));
    expect(
      listCellHours(buildSampleReport({ ...sampleStack, configMaps })).map(({ deviceHours }) => deviceHours),
    ).toEqual(Array(12).fill(null));
  });

  it("are only device-hours if the card is unknown", () => {
    const [first] = listCellHours(buildSampleReport({ ...sampleStack, hardware: null }));
    expect([first?.deviceHours === null, first?.gpuHours]).toEqual([false, null]);
  });
});
