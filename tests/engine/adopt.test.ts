/**
 * `adopt` with the real Pulumi engine and a real API server: a stack was submitted by a commit with another version of
 * a package, and its folders of the store are finished. No kubelet runs: the test writes the folders and a pod.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadAll } from "js-yaml";
import type { StoreFolder } from "../../cli/adopt/storeFolders.ts";
import { listStoreFolders } from "../../cli/adopt/storeFolders.ts";
import { convertManifest } from "../../cli/preview/snapshotSchema.ts";
import { readClusterCode } from "../../infra/clusterCode.ts";
import type { ComputingCodes } from "../../jobs/kube/computingCode.ts";
import type { ClonedCheckout } from "../support/clonedCheckout.ts";
import { recordCluster } from "../support/clusterRecord.ts";
import { expectSuccess } from "../support/mixcptCommand.ts";
import { createTeam } from "../support/team.ts";
import type { Team } from "../support/team.ts";

const podPath = "/api/v1/namespaces/mixcpt/pods";

let team: Team;
let newer: ClonedCheckout;
let store: string;
let formerFolders: StoreFolder[];
let folders: StoreFolder[];

/** Lists the folders that the steps of the stack write at the commit of a clone. */
async function listFolders(clone: ClonedCheckout): Promise<StoreFolder[]> {
  const { output } = await clone.run(["render", "mini"]);
  const manifests = loadAll(output).flatMap((manifest) => (manifest as object | null) ?? []);
  return listStoreFolders(manifests.map(convertManifest), "/store");
}

/** Makes the clone one of a commit that trains with another version of transformers, and its cluster likewise. */
async function upgradeTransformers(clone: ClonedCheckout): Promise<void> {
  const file = join(clone.folder, "images/computing-code.json");
  const recorded = JSON.parse(readFileSync(file, "utf8")) as ComputingCodes;
  const packages = { ...recorded.train.packages, transformers: "9.9.9" };
  writeFileSync(file, JSON.stringify({ ...recorded, train: { ...recorded.train, packages } }));
  const code = { ...readClusterCode(), train: { version: recorded.train.version, packages } };
  const workDir = join(team.folder, "work");
  const { api, backend: variables } = team;
  await recordCluster({ workDir, cluster: "lab", kubeconfig: api.kubeconfig, variables, code });
}

function finishFolder({ path, files }: StoreFolder): void {
  for (const file of files) {
    const name = join(store, path, file);
    mkdirSync(dirname(name), { recursive: true });
    writeFileSync(name, "{}");
  }
}

async function startTraining(name: string): Promise<void> {
  const labels = { "jobset.sigs.k8s.io/jobset-name": name, "jobset.sigs.k8s.io/replicatedjob-name": "node" };
  const spec = { containers: [{ name: "node", image: "none" }] };
  await team.api.call("POST", podPath, { metadata: { name: `${name}-node-0-0`, labels }, spec });
  await team.api.call("PATCH", `${podPath}/${name}-node-0-0/status`, { status: { phase: "Running" } });
}

function runAdopt(...options: readonly string[]) {
  return newer.run(["adopt", "mini", "--store", store, ...options], team.backend);
}

function isLinked({ path }: StoreFolder): boolean {
  return existsSync(join(store, path));
}

beforeAll(async () => {
  team = await createTeam();
  store = join(team.folder, "store");
  const first = team.makeClone();
  formerFolders = await listFolders(first);
  formerFolders.forEach(finishFolder);
  newer = team.makeClone();
  expect(await newer.run(["adopt", "mini", "--store", store], team.backend)).toMatchObject({
    exitCode: 1,
    output: expect.stringMatching(/stack "mini" has submitted nothing yet/) as string,
  });
  expectSuccess(await first.run(["up", "mini"], team.backend));
  await upgradeTransformers(newer);
  folders = (await listFolders(newer)).filter(({ path }) => !formerFolders.some((former) => former.path === path));
});
afterAll(() => team.remove());

describe("a stack whose runs have other names because of a package", () => {
  it("is not adopted while a run writes one of the folders", async () => {
    const [training = ""] = await team.listTrainings();
    await startTraining(training);
    const { exitCode, output } = await runAdopt("--yes");
    expect(output).toMatch(
      /adopt mini would link folders of 1 active run; nothing was changed\n {2}Tiny-Mono-Stag: training/,
    );
    expect(exitCode).toBe(1);
    expect(folders.some(isLinked)).toBe(false);
    await team.api.call("DELETE", `${podPath}/${training}-node-0-0?gracePeriodSeconds=0`);
  });

  it("is shown with the package, and not adopted unasked", async () => {
    const { exitCode, output } = await runAdopt();
    expect(output).toMatch(/runs\/tiny-mono-stag-\S+ -> runs\/tiny-mono-stag-\S+: transformers \S+ → 9\.9\.9\n/);
    expect(output).toMatch(/adopt mini: nothing was changed, because this is not a terminal; confirm with --yes/);
    expect(exitCode).toBe(1);
    expect(folders.some(isLinked)).toBe(false);
  });

  it("is adopted, so that every folder of what up submits is finished", async () => {
    expect(folders.map(({ path }) => path.split("/")[0])).toEqual(["runs", "scores", "scores"]);
    const { exitCode, output } = await runAdopt("--yes");
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/adopt mini: 3 links made; .\/mixcpt up mini finds/)]);
    for (const { path, files } of folders) {
      expect(readlinkSync(join(store, path))).toMatch(/^(\.\.\/)?\S+-[0-9a-f]{8}/);
      for (const file of files) expect(existsSync(join(store, path, file))).toBe(true);
    }
    expectSuccess(await newer.run(["up", "mini"], team.backend));
    const submitted = folders
      .filter(({ path }) => path.startsWith("runs/"))
      .map(({ path }) => path.slice("runs/".length));
    expect(await team.listTrainings()).toEqual(submitted);
  });

  it("has nothing to adopt afterwards", async () => {
    const { exitCode, output } = await runAdopt();
    expect([exitCode, output]).toEqual([0, "adopt mini: no folder of the store has another name at this commit\n"]);
  });

  it("needs the folder of the store", async () => {
    rmSync(store, { recursive: true });
    const { exitCode, output } = await runAdopt();
    expect([exitCode, output]).toEqual([
      1,
      expect.stringMatching(/--store: \S+store is not a folder; name the folder/),
    ]);
  });
});
