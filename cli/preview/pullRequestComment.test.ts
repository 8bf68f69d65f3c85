import { compareSnapshots, computeComparisonTotals } from "./compareSnapshots.ts";
import { renderPullRequestComment } from "./pullRequestComment.ts";
import { buildFamilySnapshot, emptySnapshot, faster } from "./snapshots.fixture.ts";

const base = buildFamilySnapshot();
const changed = buildFamilySnapshot(faster);
const context = { base: "main", diff: "", endedRuns: [] };

describe("the comment of a pull request", () => {
  it("has a row per cell and the collapsed difference of the manifests", () => {
    const text = renderPullRequestComment(compareSnapshots(base, changed), { ...context, diff: "-old\n+new" });
    expect(text).toMatch(
      /\*\*1 cell.* would run: [\d.–]+ GPU-hours of training, at least [\d.]+ of evaluation and .* of disk more/,
    );
    expect(text).toMatch(/\| viking \| V7-Bi-Stag \| retrained \| recipe\.learning_rate `0\.00004` → `0\.00002` \|/);
    expect(text).toMatch(
      /<details><summary>changed manifests<\/summary>\n\n````diff\n-old\n\+new\n````\n\n<\/details>/,
    );
  });

  it("gives the cost where a stack has a price", () => {
    const priced = buildFamilySnapshot({ ...faster, "mixcpt:price": { perGpuHour: 2, currency: "EUR" } });
    const comparison = compareSnapshots(base, priced);
    const { gpuHours, costs } = computeComparisonTotals(comparison);
    expect(costs.get("EUR")).toBeCloseTo(2 * gpuHours.high, 2);
    expect(renderPullRequestComment(comparison, context)).toMatch(
      /up to [\d.]+ EUR.*\n[\s\S]*\| cost \|[\s\S]* EUR \|/,
    );
  });

  it("asks for an approval above a number of GPU-hours", () => {
    const comparison = compareSnapshots(base, changed);
    const render = (approvalLimit: number) => renderPullRequestComment(comparison, { ...context, approvalLimit });
    expect(render(1)).toContain("**More than 1 GPU-hours: the deployment waits for an approval.**");
    expect(render(1_000_000)).not.toContain("approval");
  });

  it("lists active runs that a deployment refuses to end", () => {
    const endedRuns = [{ stack: "viking", object: "TrainJob/v7", description: "V7-Bi-Stag: training v7, active" }];
    expect(renderPullRequestComment(compareSnapshots(base, changed), { ...context, endedRuns })).toContain(
      "- `up viking` is refused while this is active: V7-Bi-Stag: training v7, active",
    );
  });

  it("fits GitHub's limit, cuts the least important part and says so", () => {
    const diff = Array.from({ length: 20_000 }, () => "+".repeat(10)).join("\n");
    const text = renderPullRequestComment(compareSnapshots(emptySnapshot, base), { ...context, diff });
    expect(text.length).toBeLessThan(65_536);
    expect(text.length).toBeGreaterThan(60_000);
    expect(text).toMatch(
      /\| viking \| V7-Mono-Stag \| new \|[\s\S]*\*\*Cut:\*\* changed manifests, \d+ lines of 20000 left out/,
    );
  });

  it("is deterministic", () => {
    expect(renderPullRequestComment(compareSnapshots(base, changed), context)).toBe(
      renderPullRequestComment(compareSnapshots(buildFamilySnapshot(), changed), context),
    );
  });
});
