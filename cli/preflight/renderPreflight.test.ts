import { buildCheck, buildResult } from "../../jobs/preflight/checkResults.fixture.ts";
import { listFailedNodes } from "../../jobs/preflight/index.ts";
import type { PreflightNode } from "../kubernetes/preflightObjects.ts";
import { describeKeptResults } from "./describeKeptResults.ts";
import { buildPreflightDocument, preflightDocumentSchema } from "./preflightDocument.ts";
import { renderPreflight } from "./renderPreflight.ts";
import { describeExcludedNodes, selectNodes } from "./selectNodes.ts";

const failure = buildCheck("ecc", { status: "fail", detail: "1 uncorrectable", advice: "reset the node" });
const results = [
  buildResult(
    ["a"],
    [buildCheck("gemm", { value: 141.2, unit: "TFLOPS" }), buildCheck("health", { status: "skipped" })],
    { facts: { kernel: "6.8", cores: "96" } },
  ),
  buildResult(["b"], [failure], { facts: { kernel: "6.5", cores: "96" } }),
  buildResult(["a", "b"], [buildCheck("clock", { status: "warn", advice: "start chrony" })]),
];
const outcome = { cluster: "site", results, earlier: [], cordoned: ["b"], opened: [], closed: [] };

describe("the table", () => {
  it("shows each check with its value and, where something is wrong, what to do", () => {
    expect(renderPreflight(outcome)).toMatchInlineSnapshot(`
      "a
        ✓ gemm    pass     141 TFLOPS  seen
        – health  skipped              seen
      b
        ✗ ecc     fail                 1 uncorrectable
            → reset the node
      a and b
        ! clock   warn                 seen
            → start chrony
      equal on all tested nodes: cores 96
      ! the nodes differ in kernel: 6.8 (a), 6.5 (b)
      ! b is in quarantine and gets no new work; once it is repaired: ./mixcpt cluster release site b
      preflight site: 2 nodes, 1 pair: 1 pass, 1 warn, 1 fail, 1 skipped"
    `);
  });

  it("ends with the measured network in the words of the cluster's file", () => {
    const rates = [
      buildResult(["a"], [buildCheck("all-reduce", { value: 61.234 })]),
      buildResult(["a", "b"], [buildCheck("all-reduce-between", { value: 9.5 })]),
    ];
    expect(renderPreflight({ ...outcome, results: rates })).toContain(
      "for pull requests, add to infra/Pulumi.site.yaml: network: { inNodeGBs: 61.2, betweenNodesGBs: 9.5 }",
    );
  });

  it("names the nodes that a required preflight opened and those that it keeps closed, with the way out", () => {
    const text = renderPreflight({ ...outcome, opened: ["a"], closed: ["b"] });
    expect(text).toContain("✓ passed, and open to trainings and evaluations: a");
    expect(text).toContain(
      "! b failed, is in quarantine and gets no training or evaluation; once it is repaired: " +
        "./mixcpt preflight site --nodes b, which opens it",
    );
    expect(text).not.toContain("cluster release");
    expect(renderPreflight({ ...outcome, cordoned: [], closed: ["b"] })).not.toContain("quarantine");
  });

  it("is a document for programs, too", () => {
    const document = buildPreflightDocument(outcome);
    expect(preflightDocumentSchema.parse(document)).toEqual(document);
    expect(document.targets.map(({ status }) => status)).toEqual(["pass", "fail", "warn"]);
  });
});

describe("failed nodes", () => {
  it("are those that fail alone, because a pair does not say which of its nodes is the cause", () => {
    const pair = buildResult(["a", "c"], [failure]);
    expect(listFailedNodes([...results, pair])).toEqual(["b"]);
  });
});

describe("doctor", () => {
  const now = new Date("2026-12-01T12:00:00Z");

  it("shows the age of the results and repeats their failures", () => {
    const finding = describeKeptResults("site", results, now);
    expect(finding.observation).toBe("2 nodes and 1 pair tested, 1 failure, the oldest 3 days ago");
    expect(finding.remedy).toContain("b: ecc: 1 uncorrectable; reset the node");
  });

  it("finds nothing wrong in nodes that were never tested", () => {
    expect(describeKeptResults("site", [], now)).toEqual({
      subject: "preflight of cluster site",
      observation: "never run; ./mixcpt preflight site tests the nodes",
    });
  });
});

describe("the nodes to test", () => {
  const demand = { deviceIds: ["7408"], pods: {} };
  const idLabel = "amd.com/gpu.device-id";
  const buildNode = (name: string, changes: Partial<PreflightNode> = {}): PreflightNode => ({
    name,
    cordoned: false,
    labels: { [idLabel]: "7408" },
    taints: [],
    quarantine: undefined,
    ...changes,
  });
  const nodes = [buildNode("a"), buildNode("b"), buildNode("c", { cordoned: true })];
  const withQuarantine = [...nodes, buildNode("e", { quarantine: "preflight" })];
  const mixed = [...nodes, buildNode("old", { labels: { [idLabel]: "740f" } }), buildNode("new", { labels: {} })];

  it("are those that accept work, or those that were named", () => {
    expect(selectNodes(withQuarantine, undefined, demand)).toEqual(["a", "b"]);
    expect(selectNodes(nodes, ["b", "b"], demand)).toEqual(["b"]);
  });

  it("may be in quarantine if they are named, which shows whether they are repaired", () => {
    expect(selectNodes(withQuarantine, ["e", "a"], demand)).toEqual(["a", "e"]);
    expect(() => selectNodes(withQuarantine.slice(3), undefined, demand)).toThrow(
      "are in quarantine; test them with --nodes e",
    );
  });

  it("are refused with all problems at once", () => {
    expect(() => selectNodes(nodes, ["c", "d"], demand)).toThrow(
      '--nodes: c is cordoned; "d" is not a node with GPUs; allowed: a, b',
    );
    expect(() => selectNodes([], undefined, demand)).toThrow("no node advertises amd.com/gpu");
  });

  it("are none with other devices than the cluster's file declares, on which the pods would wait for ever", () => {
    expect(selectNodes(mixed, undefined, demand)).toEqual(["a", "b"]);
    expect(describeExcludedNodes(mixed, demand)).toEqual([
      "old: has devices of id 740f, not 7408",
      "new: has no label amd.com/gpu.device-id, which AMD's node labeller sets",
    ]);
    expect(() => selectNodes(mixed, ["old", "new"], demand)).toThrow(
      "--nodes: old has devices of id 740f, not 7408; " +
        "new has no label amd.com/gpu.device-id, which AMD's node labeller sets; allowed: a, b",
    );
    expect(() => selectNodes(nodes, undefined, { ...demand, deviceIds: ["74a1", "74a9"] })).toThrow(
      "no node fits the cluster's file (a, b, c: each has devices of id 7408, not 74a1 or 74a9); ",
    );
  });

  it("are none that the labels and tolerations of trainings keep out, because preflight's pods have the same", () => {
    const taint = (key: string) => ({ taints: [{ key, value: "x", effect: "NoSchedule" }] });
    const labels = { [idLabel]: "7408", pool: "train" };
    const some = [
      buildNode("a", { labels, ...taint("amd.com/gpu") }),
      buildNode("b", { labels, ...taint("mixcpt.io/quarantine"), quarantine: "operator" }),
      buildNode("c", { labels, ...taint("team") }),
      buildNode("d", { labels, ...taint("team") }),
      buildNode("e"),
    ];
    const placed = { ...demand, pods: { training: { nodeSelector: { pool: "train" } } } };
    expect(selectNodes(some, undefined, placed)).toEqual(["a"]);
    expect(describeExcludedNodes(some, placed)).toEqual([
      "c, d: each has the taint team=x:NoSchedule, which training.tolerations does not tolerate",
      "e: lacks the label pool=train of training.nodeSelector",
    ]);
    expect(() => selectNodes(some, ["c"], placed)).toThrow("--nodes: c has the taint team=x:NoSchedule, which ");
    const tolerations = [{ key: "team", operator: "Exists" as const }];
    const tolerant = { ...demand, pods: { training: { tolerations } } };
    expect(selectNodes(some, undefined, tolerant)).toEqual(["a", "c", "d", "e"]);
  });
});
