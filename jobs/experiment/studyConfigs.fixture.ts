import type { CorporaConfig, FamilyConfig } from "../config/index.ts";
import type { FamilyName, ProtocolName } from "../matrix/index.ts";
import { allAxes, hubRepositories, studyMatrix } from "../matrix/index.ts";

/** A commit of every repository on the hub. */
export const testRevisions = Object.fromEntries(
  hubRepositories.map((repository) => [repository, "1234567890".repeat(4)]),
);
const commonConfig = {
  matrix: studyMatrix,
  axes: allAxes,
  cluster: "lab",
  tokenSecret: "hub",
  revisions: testRevisions,
};
export const corporaConfig: CorporaConfig = { kind: "corpora", stack: "corpora", ...commonConfig, requested: [] };

export function buildFamilyConfig(
  family: FamilyName,
  protocol: ProtocolName = "as-published",
  stack: string = family,
): FamilyConfig {
  return {
    kind: "family",
    stack,
    family,
    protocol,
    ...commonConfig,
    hardware: { gpu: "MI250X", nodesPerCell: 1, devicesPerNode: 8 },
    overrides: {},
    stopsEvery: 24,
    checkpoints: { stop: "evaluated", keep: "evaluated" },
    benchmarks: { sib200: {}, flores200: {}, added: {} },
    queue: "night",
  };
}
