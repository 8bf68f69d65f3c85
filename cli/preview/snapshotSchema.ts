import { z } from "zod";
import { planDocumentSchema } from "../../jobs/plan/index.ts";
import type { PlanDocument } from "../../jobs/plan/index.ts";

/** The parts of a manifest that a comparison reads. */
const comparedManifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});
export type ComparedManifest = z.infer<typeof comparedManifestSchema>;

/** Returns the value as JSON holds it, with the parts that a comparison reads. */
export function convertManifest(manifest: object): ComparedManifest {
  return comparedManifestSchema.parse(JSON.parse(JSON.stringify(manifest)));
}

const stackFactsSchema = z.object({
  /** The stack of infra/ that it runs on. */
  cluster: z.string(),
  deployed: z.boolean(),
  /** The reason why `up` refuses the stack. */
  refusal: z.string().exactOptional(),
  /** The rules of policies/ that its objects break, for which a deployment refuses it. */
  violation: z.string().exactOptional(),
  /** GPU-hours of evaluation by the id of a cell or base model. */
  evaluationGpuHours: z.record(z.string(), z.number()),
  findings: planDocumentSchema.shape.findings,
});
export type StackFacts = z.infer<typeof stackFactsSchema>;

const clusterFactsSchema = z.object({
  deployed: z.boolean(),
  /** Values of its file and versions of what `cluster up` installs, by path. */
  inputs: z.record(z.string(), z.string()),
  /** Queues and the training runtime. */
  manifests: z.array(comparedManifestSchema),
});
export type ClusterFacts = z.infer<typeof clusterFactsSchema>;

/** A file that cannot be read. */
const fileProblemSchema = z.object({ message: z.string(), deployed: z.boolean() });
export type FileProblem = z.infer<typeof fileProblemSchema>;

/**
 * The declarations of one commit, written by that commit's own program. Programs of older commits write only the plan
 * and the manifests.
 */
export const previewSnapshotSchema = z.object({
  plan: planDocumentSchema,
  /** Manifests by stack, in the order of submission. */
  manifests: z.record(z.string(), z.array(comparedManifestSchema)),
  stacks: z.record(z.string(), stackFactsSchema).exactOptional(),
  clusters: z.record(z.string(), clusterFactsSchema).exactOptional(),
  /** By the file's name. */
  problems: z.record(z.string(), fileProblemSchema).exactOptional(),
});

export interface PreviewSnapshot {
  readonly plan: PlanDocument;
  readonly manifests: Readonly<Record<string, readonly ComparedManifest[]>>;
  readonly stacks?: Readonly<Record<string, StackFacts>>;
  readonly clusters?: Readonly<Record<string, ClusterFacts>>;
  readonly problems?: Readonly<Record<string, FileProblem>>;
}
