import type { EngineEvent, PreviewOptions, Stack, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { engineOptions } from "../engine/engineOptions.ts";
import type { RecordedRun } from "../engine/recordedRuns.ts";
import { extractResourceName } from "../engine/updateOutput.ts";

/** The deletions and creations that the engine's preview announces. */
export interface PreviewedChanges {
  /** URNs with the reference of their provider: after an interrupted move, a URN has an object on two clusters. */
  readonly deleted: readonly { readonly urn: string; readonly provider: string | undefined }[];
  /** Names of resources, which are the names of their Kubernetes objects. */
  readonly created: readonly string[];
}

/** Runs the engine's preview, and returns what it would delete and create. The options may also print it. */
export async function previewChanges(stack: Stack, options: PreviewOptions = {}): Promise<PreviewedChanges> {
  const deleted: { urn: string; provider: string | undefined }[] = [];
  const created: string[] = [];
  const recordStep = ({ op, urn, old, provider }: StepEventMetadata): void => {
    if (op.startsWith("delete")) deleted.push({ urn, provider: old?.provider || provider || undefined });
    if (op.startsWith("create") || op === "import") created.push(extractResourceName(urn));
  };
  const onEvent = ({ resourcePreEvent }: EngineEvent): void => {
    if (resourcePreEvent !== undefined) recordStep(resourcePreEvent.metadata);
  };
  await stack.preview({ ...engineOptions, ...options, onEvent });
  return { deleted, created };
}

/** Selects the runs that a preview announces to delete. */
export function selectDeletedRuns<Run extends Pick<RecordedRun, "urn" | "provider">>(
  runs: readonly Run[],
  { deleted }: PreviewedChanges,
): Run[] {
  return runs.filter((run) =>
    deleted.some(
      ({ urn, provider }) =>
        urn === run.urn && (provider === undefined || run.provider === undefined || provider === run.provider),
    ),
  );
}
