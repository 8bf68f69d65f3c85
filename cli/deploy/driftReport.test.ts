import { driftMarker, renderDriftReport } from "./driftReport.ts";

describe("the report on drift", () => {
  it("says that nothing differs", () => {
    expect(renderDriftReport([])).toBe(`${driftMarker}\nEvery cluster is as its state and this commit describe it.\n`);
  });

  it("lists by stack what a deployment would change", () => {
    const report = renderDriftReport([
      { name: "infra/lumi", changes: ["update kueue-controller-manager"] },
      { name: "viking", changes: ["create v7-bi-stag-1a2b3c4d", "create eval-v7"] },
    ]);
    expect(report).toContain("### infra/lumi\n\n- update kueue-controller-manager\n");
    expect(report).toContain("### viking\n\n- create v7-bi-stag-1a2b3c4d\n- create eval-v7\n");
  });

  it("counts what it leaves out of a long list", () => {
    const changes = Array.from({ length: 80 }, (_, index) => `create run-${String(index)}`);
    expect(renderDriftReport([{ name: "viking", changes }])).toContain("create run-49 and 30 more");
  });
});
