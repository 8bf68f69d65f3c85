/**
 * The scripts of the workflows preview and deploy on commits of a temporary git repository. The launcher records calls
 * that need a cluster; tests/engine/deployment.test.ts makes them.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { recordClaimedNode } from "../support/claimedNode.ts";
import { declareCluster, declareStack } from "../support/deployedStacks.ts";
import type { ProjectRepository } from "../support/projectRepository.ts";
import { createProjectRepository, findWorkflowStep } from "../support/projectRepository.ts";

jest.setTimeout(300_000);

const recordingLauncher = `#!/bin/sh
case "$1" in
  preview | deploy) exec "${process.execPath}" --disable-warning=ExperimentalWarning cli/index.ts "$@" ;;
esac
echo "$@" >> calls
case "$*" in $REFUSED) exit 1 ;; esac
`;

const compareStep = findWorkflowStep("preview.yml", "Compare the pull request with its base");
const planStep = findWorkflowStep("deploy.yml", "Plan the deployment");
const upStep = findWorkflowStep("deploy.yml", "Update the clusters and submit every stack");
const { "deploy-approved": approvedJob } = load(readFileSync(".gitlab-ci.yml", "utf8")) as {
  "deploy-approved": { readonly script: readonly string[] };
};

let repository: ProjectRepository;
let beforeAnyStack: string;
let base: string;

beforeAll(() => {
  repository = createProjectRepository();
  beforeAnyStack = repository.commit({
    ".gitignore": `${repository.read(".gitignore")}calls\ncomment.md\n`,
    mixcpt: recordingLauncher,
    "infra/Pulumi.lab.yaml": declareCluster("f"),
  });
  base = repository.commit({
    "infra/Pulumi.lab.yaml": declareCluster("a"),
    "infra/Pulumi.desk.yaml": {
      config: { "mixcpt-infra:cluster": { kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } } },
    },
    "Pulumi.mini.yaml": declareStack(),
    "Pulumi.toy.yaml": declareStack({
      "mixcpt:cluster": "desk",
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
    }),
  });
});
afterAll(() => repository.remove());

/** Runs the step of the workflow preview and returns the comment. */
async function previewFrom(commit: string, variables: Record<string, string> = {}): Promise<string> {
  const { exitCode, output, outputs } = await repository.runStep(compareStep, { BASE: commit, ...variables });
  if (exitCode !== 0) throw new Error(output);
  return outputs["comment"] ?? "";
}

/** Runs the step of the workflow deploy and returns its exit code and the calls that need a cluster. */
async function deploy(variables: Record<string, string> = {}, step = upStep) {
  const { exitCode, output } = await repository.runStep(step, { REFUSED: "none", ...variables });
  const file = join(repository.directory, "calls");
  const calls = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  rmSync(file, { force: true });
  return { exitCode, output, calls };
}

describe("a commit on the default branch", () => {
  it("updates the clusters with real devices, then submits their stacks", async () => {
    expect(await deploy()).toMatchObject({ exitCode: 0, calls: ["setup client", "cluster up lab", "up mini"] });
  });

  it("submits no stack to a cluster that could not be updated", async () => {
    const { exitCode, output, calls } = await deploy({ REFUSED: "cluster up lab" });
    expect([exitCode, calls]).toEqual([1, ["setup client", "cluster up lab"]]);
    expect(output).toContain("up mini is refused: cluster up lab failed");
  });

  it("asks for an approval above a number of GPU-hours, and changes nothing without it", async () => {
    const limit = { MIXCPT_APPROVE_ABOVE: "0" };
    expect((await repository.runStep(planStep, { REFUSED: "none", ...limit })).outputs).toMatchObject({
      clusters: "lab",
      stacks: "mini",
      leaving: "",
      approval: "required",
      removed: "",
    });
    rmSync(join(repository.directory, "calls"));
    const { exitCode, calls } = await deploy(limit);
    expect([exitCode, calls]).toEqual([2, ["setup client"]]);
  });
});

describe("a commit that no longer names a node of a cluster's state", () => {
  beforeAll(() => recordClaimedNode(repository.directory, "gpu-2"));
  afterAll(() => rmSync(join(repository.directory, ".mixcpt"), { recursive: true }));

  it("needs an approval, and changes nothing without it", async () => {
    expect((await repository.runStep(planStep, { REFUSED: "none" })).outputs).toMatchObject({
      leaving: "lab/gpu-2",
      approval: "required",
    });
    rmSync(join(repository.directory, "calls"));
    const { exitCode, output, calls } = await deploy();
    expect([exitCode, calls]).toEqual([2, ["setup client"]]);
    expect(output).toContain("nothing was changed: these nodes would leave: lab/gpu-2; approve it");
  });

  it("lets it leave in the jobs that a person approved, whatever the GPU-hours", async () => {
    const calls = ["setup client", "cluster up lab --yes", "up mini"];
    const approved = { MIXCPT_APPROVED: "true", MIXCPT_APPROVE_ABOVE: "0" };
    expect(await deploy(approved)).toMatchObject({ exitCode: 0, calls });
    expect(await deploy({ MIXCPT_APPROVE_ABOVE: "0" }, { run: approvedJob.script.join("\n") })).toMatchObject({
      exitCode: 0,
      calls,
    });
  });
});

describe("a deployment in continuous integration", () => {
  const variables = { CI: "true", REFUSED: "none" };
  const setNewest = (commit: string) => repository.run(`git update-ref refs/remotes/origin/main ${commit}`);
  afterEach(() => repository.run("git update-ref -d refs/remotes/origin/main; git checkout --quiet main"));

  it("does nothing and asks for nothing once a newer commit was merged, which it would undo", async () => {
    await setNewest(base);
    await repository.run(`git checkout --quiet ${beforeAnyStack}`);
    const { exitCode, output, outputs } = await repository.runStep(upStep, variables);
    expect([exitCode, outputs]).toEqual([0, { superseded: "true" }]);
    expect(output).toContain(`nothing was changed: commit ${base} was merged after ${beforeAnyStack}`);
    const planned = await repository.runStep(planStep, variables);
    expect([planned.exitCode, planned.outputs]).toEqual([
      0,
      expect.objectContaining({ approval: "none", removed: "" }),
    ]);
    expect(existsSync(join(repository.directory, "calls"))).toBe(false);
  });

  it("deploys the newest commit", async () => {
    await setNewest(base);
    expect(await deploy(variables)).toMatchObject({ exitCode: 0, calls: expect.arrayContaining(["up mini"]) });
  });

  it("refuses a commit that was not merged", async () => {
    await setNewest(beforeAnyStack);
    const { exitCode, output, calls } = await deploy(variables);
    expect([exitCode, calls]).toEqual([1, []]);
    expect(output).toContain(`commit ${base} is not on origin/main`);
  });

  it("refuses to guess which commit is the newest", async () => {
    const { exitCode, output, calls } = await deploy(variables);
    expect([exitCode, calls]).toEqual([1, []]);
    expect(output).toContain("origin/main is unknown");
  });
});

describe("a pull request", () => {
  it("that adds the first stack compares the clusters, too", async () => {
    const comment = await previewFrom(beforeAnyStack);
    expect(comment).toMatch(/\| lab \| changed \| images\.data /);
    expect(comment).toMatch(/\| mini \| Tiny-Mono-Stag \| new \|/);
  });

  it("that adds a second stack of a family lists only its cells, and its merge submits it", async () => {
    const overrides = { "Tiny-Mono-Stag": { learning_rate: 0.1 }, "Tiny-Bi-Stag": { learning_rate: 0.1 } };
    const head = repository.commit({ "Pulumi.mini-fast.yaml": declareStack({ "mixcpt:overrides": overrides }) });
    const comment = await previewFrom(base);
    expect(comment).toMatch(/\| mini-fast \| Tiny-Mono-Stag \| new \|/);
    expect(comment).not.toMatch(/\| mini \|/);
    expect((await deploy()).calls).toContain("up mini-fast");
    base = head;
  });

  it("that repeats a run of another stack is refused by the comment and by the deployment", async () => {
    const twin = repository.commit({ "Pulumi.twin.yaml": declareStack() });
    expect(await previewFrom(base)).toMatch(
      /`up twin` is refused[\s\S]*Pulumi\.mini\.yaml submits to cluster "lab", too/,
    );
    const { exitCode, output, calls } = await deploy();
    expect([exitCode, calls]).toEqual([1, ["setup client", "cluster up lab", "up mini-fast"]]);
    expect(output).toContain("up twin is refused: Pulumi.twin.yaml describes runs that Pulumi.mini.yaml submits");
    base = twin;
    base = repository.commit({ "Pulumi.twin.yaml": undefined });
  });

  it("that changes the version of Kueue shows it, and its merge updates the cluster before any stack", async () => {
    const goModule = repository.read("tools/controllers/go.mod");
    const head = repository.commit({
      "tools/controllers/go.mod": goModule.replace(/(sigs\.k8s\.io\/kueue) v\S+/, "$1 v9.9.9"),
    });
    const comment = await previewFrom(base);
    expect(comment).toMatch(/\| lab \| changed \| kueue `v[\d.]+` → `v9\.9\.9` \| `cluster up` before the stacks \|/);
    expect(comment).toContain("**Nothing would run.** **1 cluster would change.**");
    expect((await deploy()).calls).toEqual(["setup client", "cluster up lab", "up mini", "up mini-fast"]);
    base = head;
  });

  it("that changes a log line of an image runs nothing", async () => {
    const supervisor = "images/llama-factory/mixcpt_train/main.py";
    const text = repository.read(supervisor);
    base = repository.commit({ [supervisor]: text.replace("starting at step 0", "starting with step 0") });
    expect(await previewFrom(`${base}^`)).toContain("**Nothing would run: all runs of");
  });

  it("that pins another version of a package names it beside every cell", async () => {
    const code = repository.read("images/computing-code.json");
    const pinned = code.replaceAll(/"transformers": "[\d.]+"/g, '"transformers": "9.9.9"');
    const head = repository.commit({ "images/computing-code.json": pinned });
    const comment = await previewFrom(base);
    expect(comment).toMatch(
      /\| mini \| Tiny-Mono-Stag \| retrained \|.*transformers and 1 others `[\d.]+` → `9\.9\.9`/,
    );
    expect(comment).toMatch(/\| mini-fast \| Tiny-Mono-Stag \| retrained \|/);
    repository.commit({ "images/computing-code.json": code });
    base = head;
  });

  it("that changes only a stack with emulated devices changes nothing that is deployed", async () => {
    base = repository.commit({
      "Pulumi.toy.yaml": declareStack({
        "mixcpt:cluster": "desk",
        "mixcpt:sequenceLength": 64,
        "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
      }),
    });
    expect(await previewFrom(`${base}^`)).toContain("**Nothing would run: all runs of");
  });

  it("that breaks a file says so beside the rest, and its merge fails for that stack alone", async () => {
    base = repository.commit({ "Pulumi.mini.yaml": declareStack({ "mixcpt:family": "tinny" }) });
    const comment = await previewFrom(`${base}^`);
    expect(comment).toMatch(/- `Pulumi\.mini\.yaml`: Pulumi\.mini\.yaml cannot be used:\n.*family = "tinny"/);
    expect(comment).not.toContain("removed");
  });

  it("that leaves a broken file as it is does not count it as an effect", async () => {
    repository.commit({ "Pulumi.toy.yaml": undefined });
    const comment = await previewFrom(base);
    expect(comment).toMatch(/\*\*Nothing would run: all runs of .*\*\* \*\*1 file would be refused as before\.\*\*/);
    expect((await repository.run(`./mixcpt preview --json --base ${base}`)).exitCode).toBe(0);
  });
});
