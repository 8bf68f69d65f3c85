import type { JudgedReport } from "../category/categoryVerdict.ts";
import { minimumPairs } from "../contrastEffect.ts";
import { countOutcome, unitOutcomes } from "../findings/claimVerdict.ts";
import type { ClaimVerdict, UnitOutcome } from "../findings/claimVerdict.ts";
import { clearAgreement, fewestCells, judgeFindings } from "../findings/judgeFindings.ts";
import type { ClaimUnit, JudgedClaim, JudgedFinding } from "../findings/judgeFindings.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { renderEffectFigure } from "./findingsPlots.ts";
import { describeRecipeDifferences } from "./recipeDifferences.ts";
import { buildElementId, formatIntervalBounds, formatPercentShare, formatWithSign, joinWithAnd } from "./textFormat.ts";

/** A verdict as a label. Its words tell it, its color only helps. */
export function renderVerdictLabel(verdict: ClaimVerdict): Html {
  return html`<b class="verdict ${buildElementId(verdict)}">${verdict}</b>`;
}

export function buildFindingId({ finding }: JudgedFinding): string {
  return buildElementId("finding", finding.name);
}

/** `Viking-7B +2.3 [−3.6, +9.8], 3 of 6 pairs (open)` */
function describeModelUnit({ name, outcome, change, interval, pairs }: ClaimUnit): string {
  const bounds = interval === null ? "" : ` ${formatIntervalBounds(interval)}`;
  const counts = pairs === null ? "" : `, ${pairs.higher} of ${pairs.all} pairs`;
  return `${name} ${formatWithSign(change, 1)}${bounds}${counts} (${outcome})`;
}

/** A longer list of names hides the numbers. */
const mostNames = 8;

function describeOutcomeCount(units: readonly ClaimUnit[], outcome: UnitOutcome): string[] {
  const count = countOutcome(
    units.map((unit) => unit.outcome),
    outcome,
  );
  const names = units.filter((unit) => unit.outcome === outcome).map(({ name }) => name);
  const list = count > mostNames ? "" : ` (${joinWithAnd(names)})`;
  return count === 0 ? [] : [`${outcome}: ${count} of ${units.length} cells${list}`];
}

/** The numbers behind a verdict. */
function describeReasons({ test, units }: JudgedClaim): string {
  if (test.kind === "mixing" && units.length === 0) return test.reason;
  if (units.length === 0) return "No cells with the scores that this needs.";
  const parts = units.some(({ pairs }) => pairs !== null)
    ? units.map(describeModelUnit)
    : unitOutcomes.flatMap((outcome) => describeOutcomeCount(units, outcome));
  return `${parts.join("; ")}.`;
}

function renderClaim(claim: JudgedClaim, id: string): Html {
  return html`<li id="${id}">${renderVerdictLabel(claim.verdict)} ${claim.test.claim} \
<span class="soft reasons">${describeReasons(claim)}</span></li>`;
}

function renderFinding(report: JudgedReport, judged: JudgedFinding): Html {
  const { finding, verdict, claims } = judged;
  const id = buildFindingId(judged);
  return html`<h3 id="${id}">${finding.title}</h3>
<p>${renderVerdictLabel(verdict)} ${finding.claim}</p>
<ol class="claims">${claims.map((claim, index) => renderClaim(claim, `${id}-${index + 1}`))}</ol>
${
  finding.name === "categories"
    ? html`<p class="soft">The changes of every cell: <a href="#categories">Categories</a>.</p>`
    : renderEffectFigure(report, finding.name)
}`;
}

function renderVerdictRule(report: JudgedReport): Html {
  return html`<p>The abstract of the paper names three findings. Each is decided by the claims listed under it, and \
holds if all of them do. The two cells of a pair have one model and category and differ in their text. A model agrees \
with a claim, or contradicts it, if the 95 % interval of its mean difference lies on one side of zero; otherwise, \
and with fewer than ${minimumPairs} pairs, it is open. A claim about every model holds if all agree, does \
not hold if none agrees and one contradicts, is mixed if some agree, and cannot be told if all are open.</p>
<p>A cell agrees or contradicts by the interval of its change against the base model, and meets or misses its \
prediction if at least ${formatPercentShare(clearAgreement)} of the resamples agree. \
Open cells may turn out either way. \
With fewer than ${fewestCells} cells nothing can be told. Intervals are not corrected for the number of comparisons. \
${describeRecipeDifferences(report)}</p>`;
}

/** The verdicts on the paper's findings, with the numbers that decide them. */
export function renderFindingsSection(report: JudgedReport): Html {
  const findings = judgeFindings(report);
  return html`<section aria-labelledby="paper-findings">
<h2 id="paper-findings">The paper's three findings</h2>
${
  findings.length === 0
    ? html`<p class="callout">A miniature gets no verdict: its scores mean nothing.</p>`
    : [findings.map((finding) => renderFinding(report, finding)), html`<h3>How the verdicts are made</h3>`]
}
${findings.length > 0 && renderVerdictRule(report)}
</section>`;
}
