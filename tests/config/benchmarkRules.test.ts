/** The rules of benchmarks that a stack adds: the rejected values and the messages. */
import { collectRefusals } from "../support/configFixtures.ts";

describe("a configuration error", () => {
  it("explains the requirements of an added benchmark: kind, template and name", () => {
    const found = collectRefusals({
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
      "mixcpt:benchmarks": {
        sib20: { shots: 1 },
        taxi: { kind: "classification", items: 1, labels: ["a", "b"], example: "{text} is {label}." },
        ntrex: { kind: "translation", items: 1, labels: [] },
      },
    });
    expect(found.map(({ path }) => path)).toEqual([
      "mixcpt:benchmarks.sib20.kind",
      "mixcpt:benchmarks.taxi.example",
      "mixcpt:benchmarks.ntrex.labels",
    ]);
    expect(found[0]?.message).toBe(
      "an added benchmark needs the kind classification, translation, lm-eval or language-identification; " +
        "the study's benchmarks are sib200 and flores200",
    );
    expect(found[1]?.message).toMatch(/^must contain \{text\} exactly once and end with " \{label\}"/);
    expect(found[2]?.message).toBe("unknown key; allowed: kind, directions, items, languages, shots, seed, limit");
    const named = collectRefusals({
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
      "mixcpt:benchmarks": { "Taxi-1500": { kind: "translation", items: 1 } },
    });
    expect(named).toMatchObject([
      {
        rule: "not-a-name",
        path: "mixcpt:benchmarks.Taxi-1500",
        message: expect.stringMatching(/at most 10 lowercase letters/),
      },
    ]);
  });

  it("explains all requirements of a benchmark of lm-evaluation-harness at once", () => {
    const found = collectRefusals({
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
      "mixcpt:benchmarks": {
        belebele: {
          kind: "lm-eval",
          task: "belebele",
          metric: "acc norm",
          languages: ["zul_Latm"],
          dataset: { repository: "belebele", revision: "main", files: [] },
        },
        xnli: { kind: "lm-eval", items: 10 },
        xcopa: { kind: "lm-eval", items: 10, task: "xcopa_{language}" },
        both: { kind: "lm-eval", items: 10, task: "a_{language}", tasks: { zul_Latn: "a" }, languages: ["zul_Latn"] },
        mapped: { kind: "lm-eval", items: 10, tasks: { zul_Latn: "a" }, languages: ["zul_Latn"] },
      },
    });
    expect(found.map(({ path, message }) => `${path}: ${message.split(/[;,(]/, 1).join("")}`).sort()).toEqual([
      "mixcpt:benchmarks.belebele.dataset.files: must have at least 1 entry",
      "mixcpt:benchmarks.belebele.dataset.repository: must be a Hugging Face repository",
      "mixcpt:benchmarks.belebele.dataset.revision: must be a commit of 40 hexadecimal digits",
      "mixcpt:benchmarks.belebele.items: missing",
      "mixcpt:benchmarks.belebele.languages[0]: not a known language ",
      "mixcpt:benchmarks.belebele.metric: must be a metric of the task",
      "mixcpt:benchmarks.belebele.task: must contain {language} exactly once",
      "mixcpt:benchmarks.both.tasks: not beside task",
      "mixcpt:benchmarks.mapped.languages: not beside tasks",
      "mixcpt:benchmarks.xcopa.languages: missing",
      "mixcpt:benchmarks.xnli.task: missing",
    ]);
  });
});
