import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { buildExperiment, listRunManifests } from "../../jobs/experiment/index.ts";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { platformNames } from "../../jobs/kube/platformNames.ts";
import { parseClusterOutputs } from "../../stacks/clusterConnection.ts";
import { formatRecordedRun } from "../deploy/recordedObjects.ts";
import { readRecordedOutputs } from "../engine/recordedOutputs.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { fetchRecordedResources, parseRecordedStack } from "../engine/recordedRuns.ts";
import { readClusterName } from "../engine/stackDeclarations.ts";
import { refuseLockedStack } from "../engine/stackLocks.ts";
import { openSubmittedStack, refuseUnsubmittedStack } from "../engine/submittedStack.ts";
import { checkStackFile } from "../plan/checkStackFile.ts";
import { loadStackConfig } from "../plan/loadStackConfig.ts";
import type { ComparedManifest } from "../preview/snapshotSchema.ts";
import { convertManifest } from "../preview/snapshotSchema.ts";
import { narrowUnknownRuns, refuseEndingRuns } from "../runs/endedRuns.ts";
import { refuseMovedStack } from "../runs/movedStack.ts";
import { refuseOtherImages } from "../runs/refuseOtherImages.ts";
import { readClusterRuns } from "../runs/stackRuns.ts";
import type { StackSurvey } from "../runs/stackSurvey.ts";
import { listActiveRecordedRuns, listUnknownRuns, surveyStack } from "../runs/stackSurvey.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { confirmChange } from "../terminal/confirmRemoval.ts";
import { formatCount } from "../terminal/formatList.ts";
import { printLine } from "../terminal/printLine.ts";
import type { AdoptionPlan } from "./adoptionPlan.ts";
import { listEarlierFolders, listWriters, planAdoption, readLinkTargets, refuseOtherFolder } from "./adoptionPlan.ts";
import { linkFolders } from "./linkFolders.ts";
import { matchFolders } from "./matchFolders.ts";
import { renderAdoptionPlan, renderEarlierFolders } from "./renderAdoptionPlan.ts";
import { listStoreFolders } from "./storeFolders.ts";

const { mount } = platformNames.store;

/** Builds the manifests that `up` would submit at this commit, to the cluster as its stack describes it. */
async function buildDeclaredManifests(stack: string): Promise<ComparedManifest[]> {
  const config = loadStackConfig(stack);
  const outputs = await readRecordedOutputs(infraProject, config.cluster);
  const cluster = parseClusterOutputs(config.cluster, outputs);
  return listRunManifests(buildExperiment(config, cluster)).map(convertManifest);
}

/** Lists the manifests of the Kubernetes objects that a state records, as they were submitted. */
export function listRecordedManifests(resources: readonly RecordedResource[]): ComparedManifest[] {
  return resources.flatMap(({ type, inputs }) =>
    type.startsWith("kubernetes:") && inputs !== undefined ? [convertManifest(inputs)] : [],
  );
}

/** @throws Error if an active run writes a folder that the plan is about, or might */
function refuseActiveWriters(survey: StackSurvey, plan: AdoptionPlan, stack: string): void {
  const writers = listWriters(plan);
  const select = <Run extends Parameters<typeof formatRecordedRun>[0]>(runs: readonly Run[]): Run[] =>
    runs.filter((run) => writers.has(formatRecordedRun(run)));
  refuseEndingRuns(
    { ended: select(listActiveRecordedRuns(survey)), unknown: narrowUnknownRuns(listUnknownRuns(survey), select) },
    { verb: "adopt", stack },
  );
}

interface AdoptionRequest {
  readonly stack: string;
  /** The cluster that the stack's file names. */
  readonly target: string;
  /** A folder that is the store. */
  readonly store: string;
  /** True if runs that do not record their model of GPU ran on the present one. */
  readonly isSameDevice: boolean;
}

interface StackAdoption {
  readonly plan: AdoptionPlan;
  /** Folders of the store that may be of this stack, and of which the state does not know. */
  readonly earlier: readonly string[];
}

/**
 * Plans the links of the finished folders that a stack's state records under other names than this commit gives them.
 * @throws Error if the stack has submitted nothing or runs on another cluster, and for active runs that write them
 */
async function planStackAdoption(opened: Stack, request: AdoptionRequest): Promise<StackAdoption> {
  const { stack, target, store, isSameDevice } = request;
  const resources = await fetchRecordedResources(opened);
  const recordedStack = parseRecordedStack(resources);
  if (recordedStack.runs.length === 0) refuseUnsubmittedStack(stack);
  const survey = await surveyStack(recordedStack, { readCluster: readClusterRuns });
  refuseMovedStack(survey.clusters, { verb: "adopt", stack, target });
  const declared = listStoreFolders(await buildDeclaredManifests(stack), mount);
  const matches = matchFolders({
    mount,
    recorded: listStoreFolders(listRecordedManifests(resources), mount),
    declared,
    targets: readLinkTargets(store),
    isSameDevice,
  });
  const active = new Set(listActiveRecordedRuns(survey).map(formatRecordedRun));
  const plan = planAdoption(store, matches, active);
  refuseActiveWriters(survey, plan, stack);
  return { plan, earlier: matches.length > 0 ? [] : listEarlierFolders(store, declared) };
}

interface AdoptFlags {
  readonly store: string;
  readonly yes?: boolean;
  readonly sameDevice?: boolean;
}

/** Shows which finished folders have another name at this commit, asks, and links them. */
export async function runAdopt(stack: string, { store, yes = false, sameDevice = false }: AdoptFlags): Promise<void> {
  refuseOtherFolder(store);
  checkStackFile(stack, printLine);
  await refuseOtherImages(stack);
  refuseLockedStack("mixcpt", stack);
  const opened = await openSubmittedStack(stack, readToolchain());
  const request = { stack, target: readClusterName(stack), store, isSameDevice: sameDevice };
  const { plan, earlier } = await planStackAdoption(opened, request);
  printLine([renderAdoptionPlan(stack, plan), ...renderEarlierFolders(earlier)].join("\n"));
  if (plan.linked.length === 0) return;
  await confirmChange({ command: `adopt ${stack}`, yes });
  linkFolders(store, plan.linked);
  printLine(`adopt ${stack}: ${formatCount(plan.linked.length, "link")} made; ./mixcpt up ${stack} finds the folders`);
}
