import { buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { parseRecordedRuns } from "../engine/recordedRuns.ts";
import { buildProviderRecord, buildRunRecord } from "../engine/recordedRuns.fixture.ts";
import { findLateCheckpoints, refuseLateCheckpoints } from "./lateCheckpoints.ts";

// It imports an ES module, which Jest does not load.
jest.mock("execa", () => ({}));

function buildCells(checkpoints: object) {
  const values = {
    "mixcpt:family": "viking",
    "mixcpt:protocol": "uniform",
    "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] },
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
    "mixcpt:checkpoints": checkpoints,
  };
  return buildProvisionalExperiment(parseFamilyConfig({ stack: "viking", file: "f", values }), gpuCluster).cells;
}

/** The state after an `up` of these cells. */
function recordCells(cells: ReturnType<typeof buildCells>) {
  const on = buildProviderRecord("lumi");
  return parseRecordedRuns([
    on,
    ...cells.map(({ train }) => {
      const record = buildRunRecord("TrainJob", train.metadata.name, { on, cell: "V7-Mono-Stag" });
      return { ...record, inputs: { ...record.inputs, spec: train.spec } };
    }),
  ]);
}

function findUnwritten(submitted: object, declared: object) {
  const late = findLateCheckpoints(buildCells(declared), recordCells(buildCells(submitted)));
  return late.flatMap(({ unwritten }) => unwritten);
}

describe("the checkpoints that submitted trainings do not write", () => {
  it.each([
    ["a later step", [{ evaluate: [1000] }, { evaluate: [1000, 2000] }], [2000]],
    ["an earlier step", [{ evaluate: [2000] }, { evaluate: [500, 2000] }], [500]],
    ["the last one of a training that stops", [{ evaluate: [1000] }, { evaluate: [1000, "last"] }], ["last"]],
    [
      "a step after the end of a training that keeps all weights",
      [{ evaluate: [1000], keep: "weights" }, { evaluate: [1500] }],
      [1500],
    ],
  ] as const)("are %s", (_, [submitted, declared], unwritten) => {
    expect(findUnwritten(submitted, declared)).toEqual(unwritten);
  });

  it.each([
    ["unchanged", { evaluate: [1000] }, { evaluate: [1000] }],
    ["fewer", { evaluate: [1000, 2000] }, { evaluate: [1000] }],
    ["kept with all weights", { evaluate: [2000], keep: "weights" }, { evaluate: [500, 2000], keep: "weights" }],
  ])("are none if they are %s", (_, submitted, declared) => {
    expect(findUnwritten(submitted, declared)).toEqual([]);
  });

  it("are none in a state of a version that recorded no checkpoints, and of runs with other names", () => {
    const cells = buildCells({ evaluate: [1000] });
    const [run] = recordCells(cells);
    const { checkpoints, ...unknown } = run ?? { name: "" };
    expect(findLateCheckpoints(cells, [unknown, { name: "other-1a2b3c4d", checkpoints }])).toEqual([]);
  });
});

it("refuses them with the trainings, the new steps and the commands that continue", () => {
  const late = findLateCheckpoints(
    buildCells({ evaluate: [1000, 2000] }),
    recordCells(buildCells({ evaluate: [1000] })),
  );
  expect(() => {
    refuseLateCheckpoints(late, "up", "viking");
  }).toThrow(
    /^up viking .* 1 submitted training .*\n {2}V7-Mono-Stag: training v7-mono-stag-\w{8} was submitted with 1000, and 2000 is new\n.*\n {2}\.\/mixcpt destroy viking, then \.\/mixcpt up viking/,
  );
  expect(() => {
    refuseLateCheckpoints([], "up", "viking");
  }).not.toThrow();
});
