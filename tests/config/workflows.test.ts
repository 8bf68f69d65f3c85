/** Permissions and scripts of the GitHub workflows. `actionlint` checks their syntax; only GitHub can run them. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { load } from "js-yaml";

interface Workflow {
  readonly permissions?: Record<string, string>;
  readonly jobs: Record<
    string,
    { permissions?: Record<string, string>; steps: { uses?: string; run?: string; with?: Record<string, unknown> }[] }
  >;
}

const workflowFolder = resolve(".github/workflows");
const workflowFiles = readdirSync(workflowFolder);

function readWorkflow(file: string) {
  return readFileSync(resolve(workflowFolder, file), "utf8");
}

function parseWorkflow(file: string) {
  return load(readWorkflow(file)) as Workflow;
}

function listWorkflowSteps(file: string) {
  return Object.values(parseWorkflow(file).jobs).flatMap((job) => job.steps);
}

describe.each(workflowFiles)("the workflow %s", (file) => {
  it("pins actions to a commit with the version in a comment", () => {
    const uses = readWorkflow(file)
      .split("\n")
      .filter((line) => line.includes("uses:"));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("has read permissions only, unless a job declares more", () => {
    expect(
      Object.values(parseWorkflow(file).permissions ?? { all: "write" }).filter((access) => access !== "read"),
    ).toEqual([]);
  });

  it("does not persist git credentials", () => {
    for (const { uses, with: inputs } of listWorkflowSteps(file))
      if (uses?.startsWith("actions/checkout@")) expect(inputs?.["persist-credentials"]).toBe(false);
  });

  it("interpolates no expressions into scripts", () => {
    for (const { run = "" } of listWorkflowSteps(file)) expect(run).not.toMatch(/\$\{\{/);
  });
});

describe("the workflows", () => {
  it("run every test part except cluster, whose hosts are not available on a hosted runner", () => {
    const names = [...readFileSync("cli/test/testParts.ts", "utf8").matchAll(/name: "([\w-]+)"/g)].map(
      ([, name]) => name,
    );
    const parts = names.filter((name) => name !== "cluster");
    expect(parts).toHaveLength(names.length - 1);
    expect(listWorkflowSteps("check.yml").map(({ run }) => run)).toContain(`.ci/run ${parts.join(" ")}`);
  });

  it.each([
    [[], 0],
    [["corpora", "viking"], 1],
  ])("submit every stack after a merge and fail at the end if any is rejected (rejected: %j)", (rejected, status) => {
    const folder = mkdtempSync(join(tmpdir(), "mixcpt-deploy-"));
    try {
      const rejectStacks = `case "$2" in ${rejected.map((stack) => `${stack}) exit 1;; `).join("")}*) ;; esac`;
      writeFileSync(join(folder, "mixcpt"), `#!/bin/sh\necho "$@" >> submitted\n${rejectStacks}\n`, { mode: 0o755 });
      const script = listWorkflowSteps("deploy.yml")
        .map(({ run = "" }) => run)
        .join("\n");
      expect(spawnSync("bash", ["-e", "-c", script], { cwd: folder }).status).toBe(status);
      expect(readFileSync(join(folder, "submitted"), "utf8")).toBe("up corpora\nup llama-2\nup llama-3.1\nup viking\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("give no write permission to the job that runs a pull request's code, and run none of it in the other job", () => {
    const { compare, comment } = parseWorkflow("preview.yml").jobs;
    expect(compare?.permissions).toEqual({ contents: "read" });
    expect(comment?.permissions).toEqual({ "pull-requests": "write" });
    expect(comment?.steps.every(({ run, uses }) => run === undefined && !uses?.includes("checkout"))).toBe(true);
  });
});
