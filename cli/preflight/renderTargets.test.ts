import { buildCheck, buildResult } from "../../jobs/preflight/checkResults.fixture.ts";
import { renderTargets } from "./renderTargets.ts";

/** Results of nodes whose GEMM gets faster with their number. */
function buildNodes(count: number) {
  return Array.from({ length: count }, (_, index) =>
    buildResult([`gpu-${String(index)}`], [buildCheck("gemm", { value: 600 + index, unit: "TFLOPS" })]),
  );
}

it("shows all rows of a few nodes", () => {
  expect(renderTargets(buildNodes(8)).filter((line) => line.includes("gemm"))).toHaveLength(8);
});

it("shows of many nodes the rows that need a reader, and the range of each value with its nodes", () => {
  const warning = buildCheck("clock", { status: "warn", advice: "start chrony" });
  const untested = buildCheck("preflight", { status: "skipped", detail: "not tested" });
  const results = [
    ...buildNodes(50),
    buildResult(
      ["slow"],
      [buildCheck("gemm", { value: 500, unit: "TFLOPS", status: "fail", detail: "38 %" }), warning],
    ),
    buildResult(["busy"], [untested]),
  ];
  expect(renderTargets(results).join("\n")).toMatchInlineSnapshot(`
    "slow
      ✗ gemm       fail     500 TFLOPS  38 %
      ! clock      warn                 seen
          → start chrony
    busy
      – preflight  skipped              not tested
    ✓ 50 of 52 nodes and pairs pass without a warning: gpu-0, gpu-1, gpu-2, gpu-3, gpu-4, gpu-5, gpu-6, gpu-7 and 42 more
    the lowest and the highest value (--json has all):
      gemm: 500 (slow) to 649 (gpu-49) TFLOPS"
  `);
});
