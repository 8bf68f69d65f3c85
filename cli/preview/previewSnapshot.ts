import type { StackConfig } from "../../jobs/config/index.ts";
import { buildExperiment, listRunManifests } from "../../jobs/experiment/index.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import type { StackPlan } from "../../jobs/plan/index.ts";
import { buildPlanDocument } from "../../jobs/plan/index.ts";
import { ConfigError } from "../../validation/problems.ts";
import { isDeclaredCluster, isDeployedCluster, isDeployedStack } from "../deploy/deployedStacks.ts";
import { formatStackFileName, listDeclaredStacks } from "../engine/stackDeclarations.ts";
import { formatErrorMessage } from "../explainError.ts";
import { deriveClusterOutputs } from "../plan/deriveClusterOutputs.ts";
import { loadStackConfig } from "../plan/loadStackConfig.ts";
import { buildDeclaredPlan } from "../plan/planOnCluster.ts";
import { placeholderImages } from "../render/renderStackFiles.ts";
import { describeCluster } from "./clusterInputs.ts";
import { explainViolations } from "./explainViolations.ts";
import { listEvaluationHours } from "./evaluationHours.ts";
import type { ComparedManifest, FileProblem, PreviewSnapshot, StackFacts } from "./snapshotSchema.ts";
import { convertManifest } from "./snapshotSchema.ts";

/** The outcome for one file: what it declares, or its problem. */
type FileOutcome<Value> = { readonly value: Value; readonly problem?: never } | { readonly problem: string };

function readOutcome<Value>(read: () => Value): FileOutcome<Value> {
  try {
    return { value: read() };
  } catch (error) {
    return { problem: formatErrorMessage(error) };
  }
}

/** The message with which `up` would refuse a stack. */
function findRefusal(config: StackConfig, cluster: ClusterOutputs): string | undefined {
  try {
    buildExperiment(config, cluster);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

interface StackSnapshot {
  readonly plan: StackPlan;
  readonly manifests: readonly ComparedManifest[];
  readonly facts: StackFacts;
}

/**
 * Builds the snapshot of a stack. A cluster that infra/ does not declare has its images from elsewhere: placeholders
 * stand for them, because no commit changes them.
 */
function buildStackSnapshot(stack: string): StackSnapshot {
  const config = loadStackConfig(stack);
  const images = isDeclaredCluster(config.cluster) ? {} : { images: placeholderImages };
  const cluster = deriveClusterOutputs(config, images);
  const { plan, experiment } = buildDeclaredPlan(config, cluster);
  const manifests = listRunManifests(experiment).map(convertManifest);
  const refusal = findRefusal(config, cluster);
  const violation = explainViolations(stack, manifests);
  const facts: StackFacts = {
    cluster: config.cluster,
    deployed: isDeployedStack(stack),
    evaluationGpuHours: listEvaluationHours(plan),
    findings: buildPlanDocument([plan]).findings,
    ...(refusal !== undefined && { refusal }),
    ...(violation !== undefined && { violation }),
  };
  return { plan, manifests, facts };
}

interface StackFiles<Value> {
  readonly values: readonly (readonly [string, Value])[];
  readonly problems: readonly (readonly [string, FileProblem])[];
}

const isDeployed = { mixcpt: isDeployedStack, "mixcpt-infra": isDeployedCluster } as const;

/** Reads the files of several stacks; a file with problems does not keep the others back. */
function readStackFiles<Value>(
  project: "mixcpt" | "mixcpt-infra",
  stacks: readonly string[],
  read: (stack: string) => Value,
): StackFiles<Value> {
  const outcomes = stacks.map((stack) => [stack, readOutcome(() => read(stack))] as const);
  return {
    values: outcomes.flatMap(([stack, outcome]) => (outcome.problem === undefined ? [[stack, outcome.value]] : [])),
    problems: outcomes.flatMap(([stack, { problem: message }]) =>
      message === undefined
        ? []
        : [[formatStackFileName(project, stack), { message, deployed: isDeployed[project](stack) }]],
    ),
  };
}

/** Builds the snapshot of this commit, leaving out stacks that it does not declare. */
export function buildPreviewSnapshot(stacks: readonly string[]): PreviewSnapshot {
  const declared = listDeclaredStacks("mixcpt");
  const experiments = readStackFiles(
    "mixcpt",
    stacks.filter((stack) => declared.includes(stack)),
    buildStackSnapshot,
  );
  const clusters = readStackFiles("mixcpt-infra", listDeclaredStacks("mixcpt-infra"), describeCluster);
  return {
    plan: buildPlanDocument(experiments.values.map(([, { plan }]) => plan)),
    manifests: Object.fromEntries(experiments.values.map(([stack, { manifests }]) => [stack, manifests])),
    stacks: Object.fromEntries(experiments.values.map(([stack, { facts }]) => [stack, facts])),
    clusters: Object.fromEntries(clusters.values),
    problems: Object.fromEntries([...experiments.problems, ...clusters.problems]),
  };
}
