import { z } from "zod";
import type { JudgedReport } from "../category/categoryVerdict.ts";
import { claimVerdicts, unitOutcomes } from "./claimVerdict.ts";
import { judgeFindings } from "./judgeFindings.ts";
import type { ClaimUnit } from "./judgeFindings.ts";

const unitSchema = z
  .strictObject({
    name: z.string(),
    outcome: z.enum(unitOutcomes),
    change: z.number().nullable(),
    interval: z.tuple([z.number(), z.number()]).nullable(),
    pairsHigher: z.int().nullable(),
    pairs: z.int().nullable(),
  })
  .describe(
    "A model, with its change in points and its pairs of cells, or a cell, with its change in percent; open if " +
      "chance could explain the change",
  );

/** The shape of a finding in report.json. */
export const findingValueSchema = z
  .strictObject({
    name: z.string(),
    claim: z.string(),
    verdict: z.enum(claimVerdicts),
    claims: z.array(z.strictObject({ claim: z.string(), verdict: z.enum(claimVerdicts), units: z.array(unitSchema) })),
  })
  .describe("One of the paper's three findings with the claims that decide it; none for a miniature");

type FindingValue = z.infer<typeof findingValueSchema>;

function buildUnitValue({
  name,
  outcome,
  change,
  interval,
  pairs,
}: ClaimUnit): FindingValue["claims"][number]["units"][number] {
  return {
    name,
    outcome,
    change,
    interval: interval && [interval.low, interval.high],
    pairsHigher: pairs?.higher ?? null,
    pairs: pairs?.all ?? null,
  };
}

export function buildFindingValues(report: JudgedReport): FindingValue[] {
  return judgeFindings(report).map(({ finding: { name, claim }, verdict, claims }) => ({
    name,
    claim,
    verdict,
    claims: claims.map(({ test, verdict: claimVerdict, units }) => ({
      claim: test.claim,
      verdict: claimVerdict,
      units: units.map(buildUnitValue),
    })),
  }));
}
