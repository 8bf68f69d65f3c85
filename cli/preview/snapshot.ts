import { z } from "zod";
import { manifestsOf } from "../../jobs/experiment.ts";
import type { RunManifest } from "../../jobs/kube/manifests.ts";
import type { PlanDocument } from "../../jobs/plan/index.ts";
import { planDocument, planSchema } from "../../jobs/plan/index.ts";
import { declaredStacks } from "../engine/declared.ts";
import { planFile } from "../plan/planStacks.ts";

/** A manifest as far as a comparison reads it. */
const manifest = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }) });

/** What one commit would run: each commit writes its own, with its own program. */
export const snapshotSchema = z.object({ plan: planSchema, manifests: z.record(z.string(), z.array(manifest)) });

export interface Snapshot {
  plan: PlanDocument;
  /** By stack, in the order of submission. */
  manifests: Readonly<Record<string, readonly Manifest[]>>;
}
export type Manifest = z.infer<typeof manifest>;

const plain = (one: RunManifest): Manifest => manifest.parse(JSON.parse(JSON.stringify(one)));

/** Of those of the stacks that this commit has. */
export function snapshotOf(stacks: readonly string[]): Snapshot {
  const there = declaredStacks("mixcpt");
  const planned = stacks.filter((stack) => there.includes(stack)).map((stack) => planFile(stack));
  const manifests = planned.map(({ plan, experiment }) => [plan.stack, manifestsOf(experiment).map(plain)] as const);
  return { plan: planDocument(planned.map(({ plan }) => plan)), manifests: Object.fromEntries(manifests) };
}
