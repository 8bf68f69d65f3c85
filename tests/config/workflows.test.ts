/** Permissions and scripts of the GitHub workflows. `actionlint` checks their syntax; only GitHub can run them. */
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";

interface Workflow {
  readonly permissions?: Record<string, string>;
  readonly jobs: Record<
    string,
    {
      permissions?: Record<string, string>;
      environment?: string;
      if?: string;
      container?: object;
      strategy?: { "fail-fast": boolean; matrix: { part: string[] } };
      steps: { uses?: string; run?: string; if?: string; with?: Record<string, unknown> }[];
    }
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

  it("lets git read the checkout in a container, which runs as another user", () => {
    for (const { container, steps } of Object.values(parseWorkflow(file).jobs))
      if (container !== undefined)
        expect(steps.map(({ run }) => run)).toContain('git config --global --add safe.directory "$GITHUB_WORKSPACE"');
  });

  it("interpolates no expressions into scripts", () => {
    for (const { run = "" } of listWorkflowSteps(file)) expect(run).not.toMatch(/\$\{\{/);
  });
});

describe("the pipeline of GitLab", () => {
  const jobs = load(readFileSync(".gitlab-ci.yml", "utf8")) as Record<
    "plan" | "drift" | "remove" | "preview",
    { environment?: unknown; needs?: unknown; script: string[] }
  >;

  it("gives plan and drift the variables of the cluster's environment without counting them as deployments", () => {
    const environment = { name: "cluster", action: "access" };
    expect([jobs.plan.environment, jobs.drift.environment]).toEqual([environment, environment]);
  });

  it("offers a removal although a stack was refused", () => {
    expect(jobs.remove.needs).toEqual(["plan"]);
  });

  it("previews without a backend, because the job has no toolchain", () => {
    expect(jobs.preview.script[0]).toBe("unset PULUMI_BACKEND_URL");
  });
});

describe("the workflows", () => {
  it("run every test part, and those that need no toolchain on every push", () => {
    const names = [...readFileSync("cli/test/testParts.ts", "utf8").matchAll(/name: "([\w-]+)"/g)].map(
      ([, name]) => name,
    );
    const listParts = (file: string) =>
      listWorkflowSteps(file).flatMap(({ run = "" }) => /^\.ci\/run (.+)$/.exec(run)?.[1]?.split(" ") ?? []);
    const nightly = listParts("nightly.yml");
    const run = new Set([...listParts("check.yml"), ...nightly]);
    expect([...run].sort()).toEqual([...names, "versions"].sort());
    expect(nightly).toEqual(["set-up", "image", "engine", "cluster", "set-up", "versions"]);
  });

  it("run every part that takes long: the other versions on Sundays, the rest each in a job of its own", () => {
    const names = [...readFileSync("cli/test/longTestParts.ts", "utf8").matchAll(/name: "([\w-]+)"/g)].map(
      ([, name]) => name,
    );
    const { long } = parseWorkflow("weekly.yml").jobs;
    expect([...(long?.strategy?.matrix.part ?? []), "versions"].sort()).toEqual(names.sort());
    expect(long?.strategy?.["fail-fast"]).toBe(false);
    expect(long?.steps.map(({ run }) => run)).toEqual(expect.arrayContaining([".ci/run set-up", '.ci/run "$PART"']));
  });

  it("run either the nightly parts or the other versions, by the schedule or the input of a run on demand", () => {
    const text = readWorkflow("nightly.yml");
    const sundays = / {4}- cron: "(\S+ \S+ \* \* 0)"/.exec(text)?.[1] ?? "none";
    const conditions = listWorkflowSteps("nightly.yml").flatMap(({ run = "", if: condition }) =>
      run.startsWith(".ci/run") ? [condition] : [],
    );
    expect(conditions).toEqual([
      `\${{ !inputs.versions && github.event.schedule != '${sundays}' }}`,
      `\${{ inputs.versions || github.event.schedule == '${sundays}' }}`,
    ]);
  });

  it("check what the merge queue would merge", () => {
    expect(readWorkflow("check.yml")).toMatch(/^ {2}merge_group:$/m);
  });

  it("leave what a deployment does to scripts that GitLab runs, too", () => {
    const scripts = ["check.yml", "preview.yml", "deploy.yml", "drift.yml"].flatMap((file) =>
      [...readWorkflow(file).matchAll(/\.ci\/[\w-]+(?: (?:plan|up|remove|drift)\b)?/g)].map(([script]) => script),
    );
    const pipeline = readFileSync(".gitlab-ci.yml", "utf8");
    expect([...new Set(scripts)].filter((script) => !pipeline.includes(script))).toEqual([]);
  });

  it("name no stack: the files of the commits do", () => {
    const stacks = readdirSync(".").flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    const text = [...workflowFiles.map(readWorkflow), readFileSync(".gitlab-ci.yml", "utf8")].join("\n");
    expect(stacks.filter((stack) => new RegExp(`\\b${stack}\\b`).test(text) && stack !== "test")).toEqual([]);
  });

  it("remove stacks and spend much only in environments that people can protect", () => {
    const { up, remove } = parseWorkflow("deploy.yml").jobs;
    expect(up?.environment).toContain("cluster-approval");
    expect(remove?.environment).toBe("cluster-removal");
    expect(remove?.if).toContain("needs.up.outputs.superseded != 'true'");
  });

  it("give no write permission to the job that runs a pull request's code, and run none of it in the other job", () => {
    const { compare, comment } = parseWorkflow("preview.yml").jobs;
    expect(compare?.permissions).toEqual({ contents: "read" });
    expect(comment?.permissions).toEqual({ "pull-requests": "write" });
    expect(comment?.steps.every(({ run, uses }) => run === undefined && !uses?.includes("checkout"))).toBe(true);
  });
});
