import { buildCheck, buildResult } from "./checkResults.fixture.ts";
import { findWorstStatus, listDifferingFacts, markSlowPairs, parseContainerLog } from "./checkResults.ts";
import { formatKeptResults, listStaleKeys, parseKeptResults } from "./keptResults.ts";
import { readMeasuredRates } from "./measuredRates.ts";

const document = { preflight: { checks: [buildCheck("gemm", { value: 120 })], facts: { kernel: "6.8" } } };

describe("the log of a container", () => {
  it("ends with the document, whatever libraries print around it", () => {
    const log = `W1128 gloo: no hostname\n${JSON.stringify(document)}\n[rank0]: destroyed\n`;
    expect(parseContainerLog(log)).toEqual(document.preflight);
  });

  it("may have no document, or one that was cut off", () => {
    expect(parseContainerLog("exec: mixcpt-preflight: not found")).toBeUndefined();
    expect(parseContainerLog(JSON.stringify(document).slice(0, 60))).toBeUndefined();
    expect(parseContainerLog('{"preflight": {"checks": 1}}')).toBeUndefined();
  });
});

describe("results", () => {
  it("are as bad as the worst check, and skipped only if all are", () => {
    const [pass, warn, skipped] = [
      buildCheck("a"),
      buildCheck("b", { status: "warn" }),
      buildCheck("c", { status: "skipped" }),
    ];
    expect(findWorstStatus([pass, warn, skipped])).toBe("warn");
    expect(findWorstStatus([pass, skipped])).toBe("pass");
    expect(findWorstStatus([skipped])).toBe("skipped");
  });

  it("mark a pair that is slower than the others", () => {
    const rates = [40, 41, 20];
    const pairs = rates.map((value, index) =>
      buildResult(["a", String(index)], [buildCheck("all-reduce-between", { value })]),
    );
    expect(markSlowPairs(pairs).map(({ checks }) => checks[0]?.status)).toEqual(["pass", "pass", "warn"]);
    expect(markSlowPairs(pairs)[2]?.checks[0]?.detail).toContain("the middle pair has 40.0 GB/s");
  });

  it("are compared even if all are slower than the plan assumes", () => {
    const slow = [40, 40, 20].map((value) =>
      buildResult(["a", "b"], [buildCheck("all-reduce-between", { status: "warn", value })]),
    );
    const advice = markSlowPairs(slow).map(({ checks }) => checks[0]?.advice ?? "");
    expect(advice.map((text) => text.startsWith("compare the other pairs"))).toEqual([false, false, true]);
  });

  it("name the facts in which nodes differ", () => {
    const nodes = ["6.8", "6.8", "6.5"].map((kernel, index) =>
      buildResult([`n${String(index)}`], [], { facts: { kernel, cores: "96" } }),
    );
    expect(listDifferingFacts(nodes)).toEqual(["kernel: 6.8 (n0, n1), 6.5 (n2)"]);
  });

  it("survive the ConfigMap, which may have other entries", () => {
    const results = [buildResult(["a"], [buildCheck("gemm")]), buildResult(["a", "b"], [])];
    const data = formatKeptResults(results);
    expect(Object.keys(data)).toEqual(["a", "a_b"]);
    expect(parseKeptResults({ ...data, note: "by hand", older: "{}" })).toEqual(results);
  });
});

describe("kept results", () => {
  it("are stale where the cluster has lost a node", () => {
    expect(listStaleKeys({ a: "", b: "", a_b: "", a_c: "" }, ["a", "c"])).toEqual(["b", "a_b"]);
  });
});

describe("measured rates", () => {
  it("are those of the slowest device, node, pair and writer", () => {
    const results = [
      buildResult(["a"], [buildCheck("gemm", { value: 140 }), buildCheck("store-write", { value: 900 })]),
      buildResult(
        ["b"],
        [buildCheck("gemm", { value: 135 }), buildCheck("store-write", { value: 950, status: "warn" })],
        { time: "2026-11-01T12:00:00.000Z" },
      ),
      buildResult(["a", "b"], [buildCheck("all-reduce-between", { value: 11 })]),
    ];
    expect(readMeasuredRates(results)).toEqual({
      tflops: 135,
      storeMBs: 900,
      betweenNodesGBs: 11,
      since: "2026-11-01T12:00:00.000Z",
    });
    expect(readMeasuredRates([])).toBeUndefined();
  });

  it("leaves out what a processor measured on emulated devices", () => {
    const emulated = buildCheck("devices", { status: "skipped" });
    const results = [
      buildResult(["a"], [emulated, buildCheck("store-write", { value: 90 })]),
      buildResult(["b"], [buildCheck("devices"), buildCheck("store-write", { value: 900 })]),
      buildResult(["a", "b"], [buildCheck("all-reduce-between", { value: 0.3 })]),
    ];
    expect(readMeasuredRates(results)).toMatchObject({ storeMBs: 900 });
    expect(readMeasuredRates(results)).not.toHaveProperty("betweenNodesGBs");
    expect(readMeasuredRates(results.slice(0, 1))).toBeUndefined();
  });
});
