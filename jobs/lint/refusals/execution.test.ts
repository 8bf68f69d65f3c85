import { parseFamilyConfig } from "../../experiment/index.ts";
import { checkExecution } from "./execution.ts";

function listProblems(execution: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const values = {
    "mixcpt:family": "llama-3.1",
    "mixcpt:protocol": "as-published",
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
    "mixcpt:execution": execution,
    ...more,
  };
  return checkExecution(parseFamilyConfig({ stack: "llama-3.1", file: "Pulumi.llama-3.1.yaml", values }));
}

describe("an execution of a stack", () => {
  it("must divide the batch of a step, and is refused with the divisors", () => {
    expect(listProblems({ microBatch: 4 })).toEqual([]);
    expect(listProblems({ microBatch: 3, zero: 2 })).toEqual([
      {
        rule: "not-allowed",
        path: "mixcpt:execution.microBatch",
        value: 3,
        message: expect.stringMatching(
          /^a step of L3-\S+ reads 16 sequences per device, .*; allowed: 1, 2, 4, 8, 16$/,
        ) as string,
      },
    ]);
  });

  it("must divide the batch of an overridden cell, too", () => {
    const overrides = { "L3-Bi-Alt": { per_device_train_batch_size: 6, gradient_accumulation_steps: 1 } };
    const [problem, ...others] = listProblems({ microBatch: 4 }, { "mixcpt:overrides": overrides });
    expect(others).toEqual([]);
    expect(problem?.message).toMatch(/^a step of L3-Bi-Alt reads 6 sequences/);
  });

  it("may use hpz on several nodes only", () => {
    expect(listProblems({ zero: "hpz" }).map(({ path }) => path)).toEqual(["mixcpt:execution.zero"]);
    const hardware = { gpu: "MI250X", devicesPerNode: 8, nodesPerCell: 2 };
    expect(listProblems({ zero: "hpz" }, { "mixcpt:hardware": hardware })).toEqual([]);
  });

  it("may set no key of DeepSpeed for the miniature, which does not use it", () => {
    const miniature = { "mixcpt:family": "tiny", "mixcpt:protocol": "miniature" };
    const problems = listProblems({ zero: 2, buckets: 2e8, microBatch: 2 }, miniature);
    expect(problems.map(({ path }) => path).sort()).toEqual(["mixcpt:execution.buckets", "mixcpt:execution.zero"]);
  });

  it("has no key for packing, which pretraining always does", () => {
    expect(() => listProblems({ packing: true })).toThrow(
      "mixcpt:execution.packing = true: unknown key; allowed: microBatch, zero, buckets, overlap",
    );
  });
});
