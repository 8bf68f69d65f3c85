/**
 * The scripts of the workflows preview, deploy and drift on successive commits of a temporary git repository, with the
 * real Pulumi engine and a real API server: what the comment announces is what the deployment does. No controller and
 * no kubelet runs: the test writes the pods.
 */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ComputingCodeFile } from "../../infra/clusterCode.ts";
import { toolchainFile } from "../../workspace/toolchain.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { installControllerKinds } from "../support/controllerKinds.ts";
import { declareCluster, declareStack } from "../support/deployedStacks.ts";
import { expectSuccess } from "../support/mixcptCommand.ts";
import { createProjectRepository, findWorkflowStep, testLauncher } from "../support/projectRepository.ts";
import type { ProjectRepository } from "../support/projectRepository.ts";
import { podsPath, startTraining } from "../support/runningTraining.ts";
import { submittedPaths } from "../support/submittedPaths.ts";

const compareStep = findWorkflowStep("preview.yml", "Compare the pull request with its base");
const planStep = findWorkflowStep("deploy.yml", "Plan the deployment");
const upStep = findWorkflowStep("deploy.yml", "Update the clusters and submit every stack");
const removeStep = findWorkflowStep("deploy.yml", "Remove stacks whose file was deleted");
const driftStep = findWorkflowStep("drift.yml", "Refresh and preview");

let api: ApiServer;
let repository: ProjectRepository;

/** Names of the runs on the cluster, by kind and name. */
async function listRuns(): Promise<string[]> {
  const lists = Object.entries(submittedPaths).map(async ([kind, path]) => {
    const { body } = await api.call("GET", path);
    const items = (body["items"] ?? []) as { metadata: { name: string; deletionTimestamp?: string } }[];
    return items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => `${kind}/${metadata.name}`);
  });
  return (await Promise.all(lists)).flat().sort();
}

/** Plugins and logins of the user stay out of the way. */
function buildVariables(): Record<string, string> {
  return { PULUMI_HOME: join(repository.directory, ".mixcpt/pulumi-home") };
}

function runStep(step: { run?: string }, variables: Record<string, string> = {}) {
  return repository.runStep(step, { ...buildVariables(), ...variables });
}

/** The comment of a pull request whose head is the newest commit. */
async function readComment(): Promise<string> {
  const { exitCode, output, outputs } = await runStep(compareStep, { BASE: "HEAD^" });
  if (exitCode !== 0) throw new Error(output);
  return outputs["comment"] ?? "";
}

interface AnnouncedObjects {
  readonly created: readonly string[];
  readonly deleted: readonly string[];
}

/** The objects that the comparison behind the comment announces, which the comment itself only counts. */
async function listAnnouncedObjects(): Promise<AnnouncedObjects> {
  const { stdout } = await repository.run("./mixcpt preview --json --base HEAD^ || true", buildVariables());
  const { stacks } = JSON.parse(stdout) as { stacks: (AnnouncedObjects & { refusal?: string })[] };
  const accepted = stacks.filter(({ refusal }) => refusal === undefined);
  return {
    created: accepted.flatMap(({ created }) => created).sort(),
    deleted: accepted.flatMap(({ deleted }) => deleted).sort(),
  };
}

/** Runs a step and returns the runs that it created and deleted. */
async function watchStep(step: { run?: string }) {
  const before = await listRuns();
  const { exitCode, output } = await runStep(step);
  const after = await listRuns();
  return {
    exitCode,
    output,
    created: after.filter((run) => !before.includes(run)),
    deleted: before.filter((run) => !after.includes(run)),
  };
}

/** Commits files and expects that the deployment does exactly what the comment announces. */
async function expectAnnouncedDeployment(files: Parameters<ProjectRepository["commit"]>[0]) {
  repository.commit(files);
  const comment = await readComment();
  const announced = await listAnnouncedObjects();
  const { exitCode, output, created, deleted } = await watchStep(upStep);
  if (exitCode !== 0) throw new Error(output);
  expect({ created, deleted }).toEqual(announced);
  return { comment, ...announced };
}

function declareLab(letter: string): object {
  return declareCluster(letter, { kubeconfigFile: "kubeconfig", controllers: "installed" });
}

const fast = { "Tiny-Mono-Stag": { learning_rate: 0.1 }, "Tiny-Bi-Stag": { learning_rate: 0.1 } };

/** The name of a stack's training, the only one or that of a cell. */
async function findTraining(stack: string, cell?: string): Promise<string> {
  const selector = `mixcpt.io/stack=${stack}${cell === undefined ? "" : `,mixcpt.io/cell=${cell.toLowerCase()}`}`;
  const { body } = await api.call("GET", `${submittedPaths.TrainJob}?labelSelector=${selector}`);
  const [training] = body["items"] as { metadata: { name: string } }[];
  return training?.metadata.name ?? "";
}

beforeAll(async () => {
  api = await startApiServer();
  await installControllerKinds(api);
  api.startControllers();
  repository = createProjectRepository();
  mkdirSync(join(repository.directory, ".mixcpt"), { recursive: true });
  copyFileSync(toolchainFile, join(repository.directory, ".mixcpt/software.json"));
  writeFileSync(join(repository.directory, "kubeconfig"), api.kubeconfig);
  repository.commit({
    ".gitignore": `${repository.read(".gitignore")}kubeconfig\ncomment.md\n`,
    mixcpt: testLauncher,
    "infra/Pulumi.lab.yaml": declareLab("a"),
    "Pulumi.mini.yaml": declareStack(),
  });
  const { exitCode, output } = await runStep(upStep);
  if (exitCode !== 0) throw new Error(output);
});

afterAll(async () => {
  repository?.remove();
  await api?.stop();
});

describe("successive merges", () => {
  it("submit a second stack of the family, and leave the first alone", async () => {
    const { comment, created, deleted } = await expectAnnouncedDeployment({
      "Pulumi.mini-fast.yaml": declareStack({ "mixcpt:overrides": fast }),
    });
    expect(comment).toMatch(/\| mini-fast \| Tiny-Mono-Stag \| new \|/);
    expect(comment).not.toMatch(/\| mini \|/);
    expect([created.length > 0, deleted]).toEqual([true, []]);
  });

  it("leave every object alone when the cluster gets new images", async () => {
    const { comment, created, deleted } = await expectAnnouncedDeployment({ "infra/Pulumi.lab.yaml": declareLab("b") });
    expect(comment).toMatch(/\| lab \| changed \| images\.data `…[^`]*aaa…` → `…[^`]*bbb…`/);
    expect(comment).toContain("**Nothing would run.**");
    expect([created, deleted]).toEqual([[], []]);
    const training = await api.call(
      "GET",
      `${submittedPaths.TrainJob}/${await findTraining("mini", "Tiny-Mono-Stag")}`,
    );
    expect(JSON.stringify(training.body)).toContain(`llama-factory@sha256:${"a".repeat(64)}`);
  });

  it("train again with a new version of a package that trains, in the images that the cluster has", async () => {
    const file = "images/computing-code.json";
    const code = JSON.parse(repository.read(file)) as ComputingCodeFile;
    const packages = { ...code.train.packages, transformers: "5.6.1" };
    const { comment, created } = await expectAnnouncedDeployment({
      [file]: JSON.stringify({ ...code, train: { ...code.train, packages } }),
    });
    expect(comment).toMatch(/\| mini \| Tiny-Mono-Stag \| retrained \|.*transformers `[^`]+` → `5\.6\.1`/);
    expect(created.filter((run) => run.startsWith("TrainJob/"))).toHaveLength(4);
    const training = await api.call(
      "GET",
      `${submittedPaths.TrainJob}/${await findTraining("mini", "Tiny-Mono-Stag")}`,
    );
    expect(JSON.stringify(training.body)).toContain(`llama-factory@sha256:${"b".repeat(64)}`);
  });

  it("delete the objects of a removed cell", async () => {
    const axes = { data: ["Mono"], categories: ["Stag"] };
    const { comment, created, deleted } = await expectAnnouncedDeployment({
      "Pulumi.mini.yaml": declareStack({ "mixcpt:axes": axes }),
    });
    expect(comment).toContain("- Tiny-Bi-Stag of `mini`");
    expect(created).toEqual([]);
    expect(deleted).toEqual(expect.arrayContaining([expect.stringMatching(/^TrainJob\/tiny-bi-stag-/)]));
  });

  it("refuse to end a cell that runs, as the comment says where the state is at hand", async () => {
    const training = await findTraining("mini");
    await startTraining(api, training);
    const file = "Pulumi.mini.yaml";
    const before = repository.read(file);
    repository.commit({ [file]: declareStack({ "mixcpt:axes": { data: ["Bi+Code"], categories: ["Stag"] } }) });
    expect(await readComment()).toContain(
      `\`up mini\` is refused while this is active: Tiny-Mono-Stag: training ${training} on cluster "lab"`,
    );
    const { exitCode, output, created, deleted } = await watchStep(upStep);
    expect([exitCode, created, deleted]).toEqual([1, [], []]);
    expect(output).toContain("up mini would end 1 active run; nothing was changed");
    await api.call("DELETE", `${podsPath}/${training}-node-0-0?gracePeriodSeconds=0`);
    repository.commit({ [file]: before });
  });

  it("keep a stack whose file was deleted until its removal is approved", async () => {
    repository.commit({ "Pulumi.mini-fast.yaml": undefined });
    expect(await readComment()).toContain("**1 stack would be removed after an approval.**");
    const { created, deleted } = await listAnnouncedObjects();
    expect(created).toEqual([]);
    expect(await watchStep(upStep)).toMatchObject({ exitCode: 0, created: [], deleted: [] });
    expect((await runStep(planStep)).outputs).toMatchObject({ stacks: "mini", removed: "mini-fast" });
    expect(await watchStep(removeStep)).toMatchObject({ exitCode: 0, created: [], deleted });
    expect((await runStep(planStep)).outputs).toMatchObject({ removed: "" });
  });

  it("are not submitted to a cluster with the images of another commit", async () => {
    repository.commit({ "infra/Pulumi.lab.yaml": declareLab("c") });
    const { exitCode, output } = await repository.run("./mixcpt up mini", buildVariables());
    expect(exitCode).toBe(1);
    expect(output).toMatch(/cluster "lab" has the images of another commit[\s\S]*run \.\/mixcpt cluster up lab first/);
    expect((await watchStep(upStep)).exitCode).toBe(0);
  });
});

describe("the drift of a cluster", () => {
  it("is reported with what a deployment would change", async () => {
    expect((await runStep(driftStep)).outputs).toMatchObject({ differs: "false" });
    const name = await findTraining("mini");
    await api.call("DELETE", `${submittedPaths.TrainJob}/${name}`);
    const { outputs } = await runStep(driftStep);
    expect(outputs).toMatchObject({ differs: "true", report: expect.stringContaining(`- create ${name}`) });
    expectSuccess(await watchStep(upStep));
  });
});
