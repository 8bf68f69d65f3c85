import { listRunManifests, parseStackConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import { buildPlanDocument } from "../../jobs/plan/index.ts";
import { buildPlanOnCluster } from "../plan/planOnCluster.ts";
import type { CellChange } from "./cellChanges.ts";
import type { SnapshotComparison } from "./compareSnapshots.ts";
import { listEvaluationHours } from "./evaluationHours.ts";
import type { PreviewSnapshot, StackFacts } from "./snapshotSchema.ts";
import { convertManifest } from "./snapshotSchema.ts";

export const familyValues = {
  "mixcpt:family": "viking",
  "mixcpt:protocol": "uniform",
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
};

const twoCells = { ...familyValues, "mixcpt:axes": { data: ["Mono", "Bi"], categories: ["Stag"] } };

interface DeclaredStack {
  /** All values of the file; by default those of a family of two cells. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Values beside them. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly cluster?: Partial<ClusterOutputs>;
  readonly facts?: Partial<StackFacts>;
}

function buildStackParts(stack: string, declared: DeclaredStack) {
  const { values = twoCells, settings = {}, cluster = {}, facts = {} } = declared;
  const config = parseStackConfig({ stack, file: `Pulumi.${stack}.yaml`, values: { ...values, ...settings } });
  const { plan, experiment } = buildPlanOnCluster(config, { ...gpuCluster, ...cluster });
  const stackFacts: StackFacts = {
    cluster: "lumi",
    deployed: true,
    evaluationGpuHours: listEvaluationHours(plan),
    findings: buildPlanDocument([plan]).findings,
    ...facts,
  };
  return { stack, plan, manifests: listRunManifests(experiment).map(convertManifest), stackFacts };
}

/** The snapshot of a commit that declares these stacks, by name. */
export function buildStacksSnapshot(stacks: Readonly<Record<string, DeclaredStack>>): PreviewSnapshot {
  const entries = Object.entries(stacks).map(([stack, declared]) => buildStackParts(stack, declared));
  return {
    plan: buildPlanDocument(entries.map(({ plan }) => plan)),
    manifests: Object.fromEntries(entries.map(({ stack, manifests }) => [stack, manifests])),
    stacks: Object.fromEntries(entries.map(({ stack, stackFacts }) => [stack, stackFacts])),
    clusters: {},
  };
}

/** The snapshot of a commit that declares the stack `viking`. */
export function buildFamilySnapshot(
  settings: Readonly<Record<string, unknown>> = {},
  cluster: Partial<ClusterOutputs> = {},
): PreviewSnapshot {
  return buildStacksSnapshot({ viking: { settings, cluster } });
}

export const emptySnapshot: PreviewSnapshot = { plan: { stacks: [], findings: [] }, manifests: {}, clusters: {} };

export const faster = { "mixcpt:overrides": { "V7-Bi-Stag": { learning_rate: 2e-5 } } };

export function listChanges({ stacks }: SnapshotComparison): CellChange[] {
  return stacks.flatMap(({ changes }) => changes);
}

export function summarizeChanges(comparison: SnapshotComparison) {
  return listChanges(comparison).map(({ stack, id, reason }) => [stack, id, reason]);
}
