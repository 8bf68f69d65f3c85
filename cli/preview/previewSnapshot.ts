import { z } from "zod";
import { listRunManifests } from "../../jobs/experiment/index.ts";
import type { RunManifest } from "../../jobs/kube/manifestTypes.ts";
import type { PlanDocument } from "../../jobs/plan/index.ts";
import { buildPlanDocument, planDocumentSchema } from "../../jobs/plan/index.ts";
import { listDeclaredStacks } from "../engine/stackDeclarations.ts";
import { buildPlanFromFiles } from "../plan/planOnCluster.ts";

/** A manifest as far as a comparison reads it. */
const comparedManifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }),
});

/** What one commit would run: each commit writes its own, with its own program. */
export const previewSnapshotSchema = z.object({
  plan: planDocumentSchema,
  manifests: z.record(z.string(), z.array(comparedManifestSchema)),
});

export interface PreviewSnapshot {
  readonly plan: PlanDocument;
  /** By stack, in the order of submission. */
  readonly manifests: Readonly<Record<string, readonly ComparedManifest[]>>;
}
export type ComparedManifest = z.infer<typeof comparedManifestSchema>;

function convertManifest(one: RunManifest): ComparedManifest {
  return comparedManifestSchema.parse(JSON.parse(JSON.stringify(one)));
}

/** Of those of the stacks that this commit has. */
export function buildPreviewSnapshot(stacks: readonly string[]): PreviewSnapshot {
  const there = listDeclaredStacks("mixcpt");
  const planned = stacks.filter((stack) => there.includes(stack)).map((stack) => buildPlanFromFiles(stack));
  const manifests = planned.map(
    ({ plan, experiment }) => [plan.stack, listRunManifests(experiment).map(convertManifest)] as const,
  );
  return { plan: buildPlanDocument(planned.map(({ plan }) => plan)), manifests: Object.fromEntries(manifests) };
}
