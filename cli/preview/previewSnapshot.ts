import { z } from "zod";
import { listRunManifests } from "../../jobs/experiment/index.ts";
import type { RunManifest } from "../../jobs/kube/manifestTypes.ts";
import type { PlanDocument } from "../../jobs/plan/index.ts";
import { buildPlanDocument, planDocumentSchema } from "../../jobs/plan/index.ts";
import { listDeclaredStacks } from "../engine/stackDeclarations.ts";
import { buildPlanFromFiles } from "../plan/planOnCluster.ts";

/** The parts of a manifest that a comparison reads. */
const comparedManifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }),
});

/** The plan and the manifests of one commit, written by that commit's own program. */
export const previewSnapshotSchema = z.object({
  plan: planDocumentSchema,
  manifests: z.record(z.string(), z.array(comparedManifestSchema)),
});

export interface PreviewSnapshot {
  readonly plan: PlanDocument;
  /** Manifests by stack, in the order of submission. */
  readonly manifests: Readonly<Record<string, readonly ComparedManifest[]>>;
}
export type ComparedManifest = z.infer<typeof comparedManifestSchema>;

function convertManifest(manifest: RunManifest): ComparedManifest {
  return comparedManifestSchema.parse(JSON.parse(JSON.stringify(manifest)));
}

/** Builds the snapshot of this commit, leaving out stacks that it does not declare. */
export function buildPreviewSnapshot(stacks: readonly string[]): PreviewSnapshot {
  const declared = listDeclaredStacks("mixcpt");
  const plans = stacks.filter((stack) => declared.includes(stack)).map((stack) => buildPlanFromFiles(stack));
  const manifests = plans.map(
    ({ plan, experiment }) => [plan.stack, listRunManifests(experiment).map(convertManifest)] as const,
  );
  return { plan: buildPlanDocument(plans.map(({ plan }) => plan)), manifests: Object.fromEntries(manifests) };
}
