import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { engineOptions } from "../engine/engineOptions.ts";
import { findRecordedStack } from "../engine/findRecordedStack.ts";
import { reachCluster } from "../engine/reachCluster.ts";
import type { ProjectName } from "../engine/stackDeclarations.ts";
import { extractResourceName } from "../engine/updateOutput.ts";
import { explainError } from "../explainError.ts";
import { formatDeletedStack } from "./deletedStackFiles.ts";
import type { DriftedStack } from "./driftReport.ts";

const unchangedOperations = new Set(["same", "read", "refresh", "discard"]);

/**
 * Refreshes in memory, previews, and lists the changes. The state is not written. The program runs before the refresh,
 * which then reads the cluster with today's credentials instead of those that the state records.
 */
async function listPreviewedChanges(opened: Stack): Promise<string[]> {
  const changes = new Set<string>();
  const onEvent = ({ resourcePreEvent }: EngineEvent): void => {
    const { op, urn } = resourcePreEvent?.metadata ?? {};
    if (op !== undefined && urn !== undefined && !unchangedOperations.has(op))
      changes.add(`${op} ${extractResourceName(urn)}`);
  };
  await opened.preview({ ...engineOptions, refresh: true, runProgram: true, onEvent });
  return [...changes];
}

async function describeDrift(project: ProjectName, stack: string): Promise<string[]> {
  try {
    const opened = await findRecordedStack(project, stack);
    if (opened === undefined) return ["it was never deployed"];
    await reachCluster(project, stack);
    return await listPreviewedChanges(opened);
  } catch (error) {
    return [`it could not be compared: ${explainError(error).replaceAll("\n", "\n  ")}`];
  }
}

/** Compares the deployed clusters and stacks with what this commit declares, one after the other. */
export async function detectDrift({
  clusters,
  stacks,
}: {
  readonly clusters: readonly string[];
  readonly stacks: readonly string[];
}): Promise<DriftedStack[]> {
  const all = [
    ...clusters.map((stack) => ["mixcpt-infra", stack] as const),
    ...stacks.map((stack) => ["mixcpt", stack] as const),
  ];
  const drifted: DriftedStack[] = [];
  for (const [project, stack] of all) {
    const changes = await describeDrift(project, stack);
    if (changes.length > 0) drifted.push({ name: formatDeletedStack({ project, stack }), changes });
  }
  return drifted;
}
