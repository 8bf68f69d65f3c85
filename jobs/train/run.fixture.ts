import { emulatedCluster } from "../kube/clusterOutputs.fixture.ts";
import type { FamilyConfig } from "../config/index.ts";
import { allAxes, buildCell, studyMatrix } from "../matrix/index.ts";
import type { RunInput } from "./run.ts";

export const tinyConfig: FamilyConfig = {
  kind: "family",
  stack: "dev",
  family: "tiny",
  protocol: "miniature",
  matrix: studyMatrix,
  axes: allAxes,
  hardware: { gpu: "MI250X", nodesPerCell: 1, devicesPerNode: 2 },
  overrides: {},
  checkpoints: { stop: "evaluated", keep: "evaluated" },
  stopsEvery: 24,
  benchmarks: { sib200: {}, flores200: {}, added: {} },
  cluster: "dev",
  queue: "gpu",
  revisions: {},
};

export const tinyInput: RunInput = {
  cell: buildCell({ family: "tiny", data: "Bi+Code", category: "Stag" }),
  config: tinyConfig,
  cluster: emulatedCluster,
  corpus: "/store/corpora/bi-code-stag-00000000",
  model: "/store/models/tiny-11111111",
};
