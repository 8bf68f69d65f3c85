import { z } from "zod";
import type { TargetResult } from "../../jobs/preflight/index.ts";
import { checkStatuses, findWorstStatus, listDifferingFacts } from "../../jobs/preflight/index.ts";

const statusSchema = z.enum(checkStatuses);

/** The output of `mixcpt preflight --json`. Other programs read it: keys are added, never renamed or removed. */
export const preflightDocumentSchema = z.strictObject({
  cluster: z.string(),
  targets: z.array(
    z.strictObject({
      nodes: z.array(z.string()).describe("one node, or the two of a pair"),
      status: statusSchema.describe("the worst of its checks"),
      time: z.string().describe("end of the checks, in ISO 8601"),
      image: z.string(),
      checks: z.array(
        z.strictObject({
          name: z.string(),
          status: statusSchema,
          detail: z.string(),
          value: z.number().nullable(),
          unit: z.string(),
          advice: z.string().describe("what to do; empty if nothing is wrong"),
        }),
      ),
      facts: z.record(z.string(), z.string()).describe("versions of the node, such as its kernel"),
    }),
  ),
  differing: z.array(z.string()).describe("facts in which the nodes differ, those of earlier calls included"),
  cordoned: z.array(z.string()).describe("nodes that this call put into quarantine"),
  opened: z.array(z.string()).describe("nodes that passed, where the cluster's file requires preflight"),
  closed: z.array(z.string()).describe("nodes that failed and get no work before they pass, where it is required"),
});
type PreflightDocument = z.infer<typeof preflightDocumentSchema>;

export interface PreflightOutcome {
  readonly cluster: string;
  readonly results: readonly TargetResult[];
  /** Nodes of earlier calls, with which the tested ones are compared. */
  readonly earlier: readonly TargetResult[];
  readonly cordoned: readonly string[];
  /** Nodes that passed and those that failed, where the cluster's file requires preflight. */
  readonly opened: readonly string[];
  readonly closed: readonly string[];
}

export function buildPreflightDocument({
  cluster,
  results,
  earlier,
  cordoned,
  opened,
  closed,
}: PreflightOutcome): PreflightDocument {
  return {
    cluster,
    targets: results.map(({ nodes, time, image, checks, facts }) => ({
      nodes,
      status: findWorstStatus(checks),
      time,
      image,
      checks,
      facts,
    })),
    differing: listDifferingFacts(results, earlier),
    cordoned: [...cordoned],
    opened: [...opened],
    closed: [...closed],
  };
}
