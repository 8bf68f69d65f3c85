/**
 * `up` that is killed at random moments, with its engine and plugins, on a real API server. No controller and no kubelet
 * runs. MIXCPT_CHAOS_ROUNDS is the number of kills (20), MIXCPT_CHAOS_SEED repeats the moments of an earlier run.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { toolchainFile } from "../../workspace/toolchain.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { installControllerKinds } from "../support/controllerKinds.ts";
import { declareCluster, declareStack } from "../support/deployedStacks.ts";
import { hasEnded, listDescendants, waitUntil } from "../support/processes.ts";
import { createProjectRepository, testLauncher } from "../support/projectRepository.ts";
import type { ProjectRepository } from "../support/projectRepository.ts";
import { listSubmitted } from "../support/submittedObjects.ts";

const rounds = Number(env["MIXCPT_CHAOS_ROUNDS"] ?? 20);
const seed = Number(env["MIXCPT_CHAOS_SEED"] ?? Date.now() % 1_000_000);

jest.setTimeout(rounds * 180_000);

let api: ApiServer;
let repository: ProjectRepository;
/** Milliseconds of an `up` that nobody kills, and what it submits. */
let undisturbed: { readonly duration: number; readonly objects: readonly string[] };

function buildEnvironment(): Record<string, string> {
  return { PULUMI_HOME: join(repository.directory, ".mixcpt/pulumi-home") };
}

async function runSuccessfully(command: string): Promise<string> {
  const { exitCode, output } = await repository.run(command, buildEnvironment());
  if (exitCode !== 0) throw new Error(`${command} exited with code ${String(exitCode)}:\n${output}`);
  return output;
}

/** Starts `up` and ends all of its processes at once after some milliseconds. Returns false if it was done before. */
async function killUp(afterMs: number): Promise<boolean> {
  const child = spawn("./mixcpt", ["up", "mini"], {
    cwd: repository.directory,
    env: { ...env, CI: "", ...buildEnvironment() },
    stdio: "ignore",
  });
  const exited = once(child, "exit");
  await delay(afterMs);
  const processes = [child.pid ?? 0, ...listDescendants(child.pid ?? 0)];
  const wasRunning = child.exitCode === null;
  for (const id of processes) if (!hasEnded(id)) process.kill(id, "SIGKILL");
  await exited;
  await waitUntil("all processes have ended", () => processes.every(hasEnded));
  return wasRunning;
}

/** A `destroy` directly after the kill removes all, or changes nothing and says that `up` comes first. */
async function destroyAtOnce(): Promise<void> {
  const before = [...(await listSubmitted(api)).keys()];
  const { exitCode, output } = await repository.run("./mixcpt destroy mini --yes", buildEnvironment());
  const after = [...(await listSubmitted(api)).keys()];
  if (exitCode === 0) expect([after, output]).toEqual([[], expect.any(String)]);
  else expect([after, output]).toEqual([before, expect.stringMatching(/run \.\/mixcpt up mini, which records them/)]);
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
    ".gitignore": `${repository.read(".gitignore")}kubeconfig\n`,
    mixcpt: testLauncher,
    "infra/Pulumi.lab.yaml": declareCluster("a", { kubeconfigFile: "kubeconfig", controllers: "installed" }),
    "Pulumi.mini.yaml": declareStack(),
  });
  await runSuccessfully("./mixcpt cluster up lab");
  const started = Date.now();
  await runSuccessfully("./mixcpt up mini");
  undisturbed = { duration: Date.now() - started, objects: [...(await listSubmitted(api)).keys()].sort() };
  await runSuccessfully("./mixcpt destroy mini --yes");
});

afterAll(async () => {
  repository?.remove();
  await api?.stop();
});

describe(`an up that is killed (seed ${String(seed)}, ${String(rounds)} rounds)`, () => {
  // an integer of fast-check would prefer the ends
  const moments = fc.sample(fc.noBias(fc.integer({ min: 0, max: 1000 })), { seed, numRuns: rounds });

  it.each(moments.map((moment, index) => [index + 1, moment / 10] as const))(
    "is completed by the next one without an orphan or a second run (round %i, at %d %% of its time)",
    async (round, percent) => {
      await killUp((percent / 100) * undisturbed.duration);
      if (round % 2 === 0) await destroyAtOnce();
      const left = await listSubmitted(api);

      await runSuccessfully("./mixcpt up mini");
      const completed = await listSubmitted(api);
      expect([...completed.keys()].sort()).toEqual(undisturbed.objects);
      for (const [object, uid] of left) expect([object, completed.get(object)]).toEqual([object, uid]);

      await runSuccessfully("./mixcpt destroy mini --yes");
      expect([...(await listSubmitted(api)).keys()]).toEqual([]);
    },
  );
});
