import { parseInterruptedRuns } from "./interruptedRuns.ts";
import { buildProviderRecord, buildRunRecord } from "./recordedRuns.fixture.ts";

const onLab = buildProviderRecord("lab");
const [first, second] = ["t1", "t2"].map((name) => buildRunRecord("TrainJob", name, { on: onLab }));

function interrupt(type: string, resource = second ?? onLab) {
  return { type, resource };
}

describe("the runs that a killed up may have created", () => {
  it("are those that it began and did not record, with their cluster", () => {
    const state = { resources: [onLab, first ?? onLab], pending_operations: [interrupt("creating")] };
    expect(parseInterruptedRuns(state)).toMatchObject([{ kind: "trainjob", name: "t2", cluster: { name: "lab" } }]);
  });

  it("are none once the next up has recorded them, although Pulumi keeps the entry", () => {
    const state = { resources: [onLab, second ?? onLab], pending_operations: [interrupt("creating")] };
    expect(parseInterruptedRuns(state)).toEqual([]);
  });

  it("are none of those that it was deleting or reading", () => {
    const pending = [interrupt("deleting"), interrupt("reading")];
    expect(parseInterruptedRuns({ resources: [onLab], pending_operations: pending })).toEqual([]);
  });

  it("are none in a state without entries", () => {
    expect(parseInterruptedRuns({ resources: null, pending_operations: null })).toEqual([]);
    expect(parseInterruptedRuns({})).toEqual([]);
  });
});
