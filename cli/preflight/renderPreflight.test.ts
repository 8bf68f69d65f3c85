import { buildCheck, buildResult } from "../../jobs/preflight/checkResults.fixture.ts";
import { listFailedNodes } from "../../jobs/preflight/index.ts";
import { describeKeptResults } from "./describeKeptResults.ts";
import { buildPreflightDocument, preflightDocumentSchema } from "./preflightDocument.ts";
import { renderPreflight } from "./renderPreflight.ts";
import { selectNodes } from "./selectNodes.ts";

const failure = buildCheck("ecc", { status: "fail", detail: "1 uncorrectable", advice: "reset the node" });
const results = [
  buildResult(
    ["a"],
    [buildCheck("gemm", { value: 141.2, unit: "TFLOPS" }), buildCheck("health", { status: "skipped" })],
    { facts: { kernel: "6.8" } },
  ),
  buildResult(["b"], [failure], { facts: { kernel: "6.5" } }),
  buildResult(["a", "b"], [buildCheck("clock", { status: "warn", advice: "start chrony" })]),
];
const outcome = { cluster: "site", results, cordoned: ["b"], opened: [], closed: [] };

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
  const nodes = ["a", "b", "c"].map((name) => ({ name, cordoned: name === "c", quarantine: undefined }));
  const withQuarantine = [...nodes, { name: "e", cordoned: false, quarantine: "preflight" }];

  it("are those that accept work, or those that were named", () => {
    expect(selectNodes(withQuarantine, undefined)).toEqual(["a", "b"]);
    expect(selectNodes(nodes, ["b", "b"])).toEqual(["b"]);
  });

  it("may be in quarantine if they are named, which shows whether they are repaired", () => {
    expect(selectNodes(withQuarantine, ["e", "a"])).toEqual(["a", "e"]);
    expect(() => selectNodes(withQuarantine.slice(3), undefined)).toThrow(
      "are in quarantine; test them with --nodes e",
    );
  });

  it("are refused with all problems at once", () => {
    expect(() => selectNodes(nodes, ["c", "d"])).toThrow(
      '--nodes: c is cordoned; "d" is not a node with GPUs; allowed: a, b',
    );
    expect(() => selectNodes([], undefined)).toThrow("no node advertises amd.com/gpu");
  });
});
