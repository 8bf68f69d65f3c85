import type { CategoryVerdict } from "../category/categoryVerdict.ts";
import { unchangedThresholdPct } from "../category/predictionRule.ts";
import { minimumItems, minimumLanguages } from "../category/verdictLimits.ts";
import type { WithheldReason } from "../category/verdictLimits.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";

const reasonTexts: Readonly<Record<WithheldReason, string>> = {
  miniature:
    "Changes of a miniature have no interval and no verdict: its models learned too little for a difference to mean " +
    "anything.",
  languages:
    `A change of fewer than ${minimumLanguages} languages has no interval and no verdict: resamples would often ` +
    "repeat a single one.",
  items:
    `A change over fewer than ${minimumItems} test items has no interval and no verdict: one item more or less would ` +
    `be more than the ${unchangedThresholdPct} % that count as unchanged.`,
};

/** A sentence for each reason for which intervals and verdicts are withheld; null if none is. */
export function renderWithheldNote(verdicts: readonly CategoryVerdict[]): Html | null {
  const reasons = new Set(verdicts.flatMap(({ withheld }) => withheld ?? []));
  return reasons.size === 0
    ? null
    : html`<p class="callout">${[...reasons].map((reason) => reasonTexts[reason]).join(" ")}</p>`;
}
