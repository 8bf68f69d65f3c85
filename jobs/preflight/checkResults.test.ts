import { buildCheck, buildResult } from "./checkResults.fixture.ts";
import {
  findWorstStatus,
  listCommonFacts,
  listDifferingFacts,
  excuseSharedStore,
  markSlowPairs,
  recordStoreWriters,
  parseContainerLog,
  selectEarlierNodes,
} from "./checkResults.ts";
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

  it("do not fail for a store that is slow from all nodes, but for one that is slow from one alone", () => {
    const rateStore = (rates: readonly (number | null)[]) =>
      excuseSharedStore(
        rates.map((value, index) =>
          buildResult([String(index)], [buildCheck("store-write", { status: "fail", value })]),
        ),
      ).map(({ checks }) => checks[0]?.status);
    expect(rateStore([120, 110, 130])).toEqual(["warn", "warn", "warn"]);
    expect(rateStore([120, 20, 130])).toEqual(["warn", "fail", "warn"]);
    expect(rateStore([120])).toEqual(["fail"]);
    expect(rateStore([null, null, 120])).toEqual(["fail", "fail", "fail"]);
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
    const many = Array.from({ length: 20 }, (_, index) =>
      buildResult([`m${String(index)}`], [], { facts: { kernel: "6.8" } }),
    );
    expect(listDifferingFacts([...many, ...nodes.slice(2)])[0]).toMatch(/^kernel: 6\.8 \(20 nodes\), 6\.5 \(n2\)/);
  });

  it("say that a tested node has no adapter, and nothing of nodes that told nothing", () => {
    const [first, second] = [{ adapters: "8 × MT4129", kernel: "6.8" }, { kernel: "6.8" }];
    const nodes = [buildResult(["a"], [], { facts: first }), buildResult(["b"], [], { facts: second })];
    const silent = buildResult(["busy"], []);
    expect(listDifferingFacts([...nodes, silent])).toEqual(["adapters: 8 × MT4129 (a), none (b)"]);
    expect(listCommonFacts([...nodes, silent])).toEqual(["kernel 6.8"]);
    expect(listDifferingFacts([silent], nodes)).toEqual([]);
  });

  it("of a node that is tested alone are compared with those of earlier calls, without what an image had", () => {
    const kept = [
      buildResult(["a"], [], { image: "old", facts: { "adapter-firmware": "8 × 28.39", torch: "2.8" } }),
      buildResult(["gone"], [], { facts: { "adapter-firmware": "8 × 20" } }),
      buildResult(["b"], [], { facts: { "adapter-firmware": "8 × 27" } }),
      buildResult(["a", "b"], []),
    ];
    const facts = { "adapter-firmware": "8 × 28.40", torch: "2.9", vbios: "113" };
    const tested = [buildResult(["b"], [], { image: "new", facts })];
    const earlier = selectEarlierNodes(kept, { tested, names: ["a", "b"] });
    expect(listDifferingFacts(tested, earlier)).toEqual(["adapter-firmware: 8 × 28.40 (b), 8 × 28.39 (a)"]);
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
      betweenNodesGBs: 11,
      storeWrites: [{ writers: 1, nodeMBs: 900 }],
      since: "2026-11-01T12:00:00.000Z",
    });
    expect(readMeasuredRates([])).toBeUndefined();
  });

  it("have a rate of the store for each number of nodes that wrote at the same time", () => {
    const write = (node: string, value: number | null) => buildResult([node], [buildCheck("store-write", { value })]);
    const together = recordStoreWriters([write("a", 210), write("b", 200), write("c", null)]);
    expect(together.map(({ storeWriters }) => storeWriters)).toEqual([2, 2, undefined]);
    const kept = parseKeptResults(formatKeptResults([...together, ...recordStoreWriters([write("d", 900)])]));
    expect(readMeasuredRates(kept)?.storeWrites).toEqual([
      { writers: 2, nodeMBs: 200 },
      { writers: 1, nodeMBs: 900 },
    ]);
  });

  it("leaves out what a processor measured on emulated devices", () => {
    const emulated = buildCheck("devices", { status: "skipped" });
    const results = [
      buildResult(["a"], [emulated, buildCheck("store-write", { value: 90 })]),
      buildResult(["b"], [buildCheck("devices"), buildCheck("store-write", { value: 900 })]),
      buildResult(["a", "b"], [buildCheck("all-reduce-between", { value: 0.3 })]),
    ];
    expect(readMeasuredRates(results)).toMatchObject({ storeWrites: [{ writers: 1, nodeMBs: 900 }] });
    expect(readMeasuredRates(results)).not.toHaveProperty("betweenNodesGBs");
    expect(readMeasuredRates(results.slice(0, 1))).toBeUndefined();
  });
});
