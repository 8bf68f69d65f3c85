/**
 * Benchmark of `mixcpt up`: `./mixcpt bench up`. Each number of objects is submitted to a real API server by four ways
 * in turn: `up`, Pulumi's engine with the same objects and its default options, `kubectl apply --server-side`, and
 * plain requests, which are the bound. No controller acts on the objects. MIXCPT_BENCH_OBJECTS selects other numbers,
 * MIXCPT_BENCH_MINUTES the limit of each way, after which the next one begins.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import * as kubernetes from "@pulumi/kubernetes";
import { loadAll } from "js-yaml";
import pMap from "p-map";
import type { ApiServer } from "../support/apiServer.ts";
import { waitUntil } from "../support/processes.ts";
import { createPulumiEngine } from "../support/pulumiEngine.ts";
import { submittedPaths } from "../support/submittedPaths.ts";
import { createTeam, miniStack } from "../support/team.ts";
import type { Team } from "../support/team.ts";
import { findProgram } from "../support/toolchainPrograms.ts";
import { formatSeconds, measureWait, printMachine, withProgress } from "./measuring.ts";

interface Manifest {
  readonly apiVersion: string;
  readonly kind: keyof typeof submittedPaths;
  readonly metadata: { readonly name: string };
}

interface WayResult {
  readonly milliseconds: number;
  /** Bytes of the state; undefined for a way that keeps none. */
  readonly stateBytes?: number;
  /** The same again, with nothing to do. */
  readonly repeatMilliseconds?: number;
}

type Way = (manifests: readonly Manifest[]) => Promise<WayResult>;

const counts = (env["MIXCPT_BENCH_OBJECTS"] ?? "36,360,1000").split(",").map(Number);
const limitMinutes = Number(env["MIXCPT_BENCH_MINUTES"] ?? 30);
const limitMs = 60_000 * limitMinutes;
/** Objects that a stack submits beside two for each of its cells. */
const sharedObjects = 4;

async function removeObjects(api: ApiServer): Promise<void> {
  for (const path of Object.values(submittedPaths)) {
    const { status, body } = await api.call("DELETE", `${path}?propagationPolicy=Background`);
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
  }
  await waitUntil("the objects are removed", async () => (await countObjects(api)) === 0);
}

/** A stack with this number of objects: cells that differ in their seed. */
function declareObjects(count: number): object {
  const seeds = Array.from({ length: (count - sharedObjects) / 2 }, (_, index) => index + 1);
  return { config: { ...miniStack, "mixcpt:axes": { data: ["Mono"], categories: ["Stag"], seed: seeds } } };
}

type Clone = ReturnType<Team["makeClone"]>;

/** The cache of compiled code that `./mixcpt` gives to its programs, this one among them. */
const compileCache = { NODE_COMPILE_CACHE: env["NODE_COMPILE_CACHE"] ?? "" };

/** A way that its limit ended. */
class UnfinishedError extends Error {}

async function runSuccessfully(clone: Clone, args: readonly string[], team: Team): Promise<string> {
  const variables = { ...team.backend, ...team.proxy, ...compileCache };
  const { exitCode, output, stdout } = await clone.run(args, variables, limitMs);
  if (exitCode === -1) throw new UnfinishedError(args.join(" "));
  if (exitCode !== 0) throw new Error(`${args.join(" ")} exited with code ${String(exitCode)}:\n${output}`);
  return stdout;
}

async function renderManifests(clone: Clone, team: Team): Promise<Manifest[]> {
  const documents = loadAll(await runSuccessfully(clone, ["render", "many"], team)) as Manifest[];
  return documents.filter(({ kind }) => kind in submittedPaths);
}

async function submitByUp(clone: Clone, team: Team): Promise<WayResult> {
  const state = join(team.folder, ".pulumi/stacks/mixcpt/many.json");
  try {
    const milliseconds = await measureWait(() => runSuccessfully(clone, ["up", "many"], team));
    const repeatMilliseconds = await measureWait(() => runSuccessfully(clone, ["up", "many"], team));
    return { milliseconds, stateBytes: statSync(state).size, repeatMilliseconds };
  } finally {
    // an up that was ended leaves a lock, too
    const locks = join(team.folder, ".pulumi/locks/organization/mixcpt/many");
    for (const path of [state, `${state}.bak`, locks]) rmSync(path, { recursive: true, force: true });
  }
}

async function submitByEngine(manifests: readonly Manifest[], kubeconfig: string): Promise<WayResult> {
  const engine = await createPulumiEngine();
  try {
    const stack = await engine.selectStack("stock", async () => {
      const provider = new kubernetes.Provider("cluster", { kubeconfig });
      for (const manifest of manifests)
        new kubernetes.apiextensions.CustomResource(manifest.metadata.name, { ...manifest }, { provider });
      return Promise.resolve({});
    });
    const signal = AbortSignal.timeout(limitMs);
    const milliseconds = await measureWait(() =>
      stack.up({ signal }).catch((error: unknown) => {
        throw signal.aborted ? new UnfinishedError("stock") : error;
      }),
    );
    return { milliseconds, stateBytes: Buffer.byteLength(engine.readState("stock")) };
  } finally {
    engine.removeHome();
  }
}

async function submitByKubectl(manifests: readonly Manifest[], kubeconfig: string): Promise<WayResult> {
  const folder = mkdtempSync(join(tmpdir(), "mixcpt-bench-"));
  writeFileSync(join(folder, "kubeconfig"), kubeconfig);
  writeFileSync(join(folder, "objects.json"), JSON.stringify({ apiVersion: "v1", kind: "List", items: manifests }));
  const args = [
    "--kubeconfig",
    join(folder, "kubeconfig"),
    "apply",
    "--server-side",
    "-f",
    join(folder, "objects.json"),
  ];
  const milliseconds = await measureWait(() => Promise.resolve(execFileSync(findProgram("kubectl"), args)));
  rmSync(folder, { recursive: true });
  return { milliseconds };
}

async function submitByRequests(manifests: readonly Manifest[], api: ApiServer): Promise<WayResult> {
  const submit = async (manifest: Manifest): Promise<void> => {
    const { status, body } = await api.call("POST", submittedPaths[manifest.kind], manifest);
    if (status !== 201) throw new Error(`${manifest.metadata.name}: ${JSON.stringify(body)}`);
  };
  const milliseconds = await measureWait(() => pMap(manifests, submit, { concurrency: 32 }));
  return { milliseconds };
}

async function countObjects(api: ApiServer): Promise<number> {
  const lists = Object.values(submittedPaths).map(async (path) => (await api.call("GET", path)).body["items"]);
  return ((await Promise.all(lists)) as unknown[][]).flat().length;
}

function formatResult({ milliseconds, repeatMilliseconds }: WayResult, own: number | undefined): string {
  const ratio = own === undefined ? "" : ` (up takes ${(own / milliseconds).toFixed(1)} times that)`;
  const repeat =
    repeatMilliseconds === undefined ? "" : `, again with nothing to do ${formatSeconds(repeatMilliseconds)}`;
  return `${formatSeconds(milliseconds)}${ratio}${repeat}`;
}

/** An engine that is ended completes what it has begun. */
async function waitForQuiet(api: ApiServer): Promise<void> {
  await waitUntil("no more objects are submitted", async () => {
    const before = await countObjects(api);
    await delay(10_000);
    return before === (await countObjects(api));
  });
}

/** Returns undefined for a way that its limit ended. */
async function measureWay(submit: Way, manifests: readonly Manifest[]): Promise<WayResult | undefined> {
  try {
    return await submit(manifests);
  } catch (error) {
    if (error instanceof UnfinishedError) return undefined;
    throw error;
  }
}

/** Submits the objects by each way in turn, and prints the line of each as soon as it has ended. */
async function compareWays(ways: Readonly<Record<string, Way>>, manifests: readonly Manifest[], api: ApiServer) {
  const results: Record<string, WayResult> = {};
  const count = manifests.length;
  console.log(`up of ${String(count)} objects`);
  for (const [name, submit] of Object.entries(ways)) {
    const describeProgress = async () => `${name}: ${String(await countObjects(api))} of ${String(count)} objects`;
    const result = await withProgress(describeProgress, () => measureWay(submit, manifests));
    if (result === undefined) await waitForQuiet(api);
    const submitted = await countObjects(api);
    const progress = `${String(submitted)} of ${String(count)} objects`;
    if (result === undefined) console.log(`  ${name}: not done after ${String(limitMinutes)} min, ${progress}`);
    else if (submitted !== count) throw new Error(`${name}: ${progress}`);
    else {
      console.log(`  ${name}: ${formatResult(result, results["up"]?.milliseconds)}`);
      results[name] = result;
    }
    await removeObjects(api);
  }
  return results;
}

function printStates(manifests: readonly Manifest[], results: Readonly<Record<string, WayResult>>): void {
  const bound = Buffer.byteLength(JSON.stringify(manifests));
  const states = Object.entries(results).flatMap(([name, { stateBytes }]) =>
    stateBytes === undefined
      ? []
      : [`${name} ${(stateBytes / 1e6).toFixed(2)} MB, ${(stateBytes / bound).toFixed(1)} times the manifests`],
  );
  console.log(`  state: ${states.join("; ")} (${(bound / 1e6).toFixed(2)} MB)`);
}

async function measureUps(team: Team): Promise<void> {
  const { api } = team;
  const clone = team.makeClone();
  const ways: Record<string, Way> = {
    up: () => submitByUp(clone, team),
    "Pulumi, the same objects, default options": (manifests) => submitByEngine(manifests, api.kubeconfig),
    "kubectl apply --server-side": (manifests) => submitByKubectl(manifests, api.kubeconfig),
    "requests alone, 32 at once": (manifests) => submitByRequests(manifests, api),
  };
  for (const count of counts) {
    clone.writeYaml("Pulumi.many.yaml", declareObjects(count));
    const manifests = await renderManifests(clone, team);
    printStates(manifests, await compareWays(ways, manifests, api));
  }
}

printMachine();
const team = await createTeam();
try {
  await measureUps(team);
} finally {
  await team.remove();
}
