/**
 * Commands by way of a proxy that is slow, refuses requests (429) and loses answers at random, with the real Pulumi
 * engine and a real API server. MIXCPT_CHAOS_ROUNDS is the number of rounds (20), MIXCPT_CHAOS_SEED repeats them.
 */
import { once } from "node:events";
import { env } from "node:process";
import type { ClonedCheckout } from "../support/clonedCheckout.ts";
import { noFaults, startFaultyProxy } from "../support/faultyProxy.ts";
import type { FaultyProxy } from "../support/faultyProxy.ts";
import { createRandom } from "../support/random.ts";
import { trainJobsPath } from "../support/runCluster.ts";
import { listSubmitted } from "../support/submittedObjects.ts";
import { createTeam } from "../support/team.ts";
import type { Team } from "../support/team.ts";

const rounds = Number(env["MIXCPT_CHAOS_ROUNDS"] ?? 20);
const seed = Number(env["MIXCPT_CHAOS_SEED"] ?? Date.now() % 1_000_000);
const random = createRandom(seed);

jest.setTimeout(900_000);

let team: Team;
let proxy: FaultyProxy;
let clone: ClonedCheckout;

async function run(...args: string[]): Promise<string> {
  const { exitCode, output } = await clone.run(args, team.backend);
  if (exitCode !== 0) throw new Error(`${args.join(" ")} exited with code ${String(exitCode)}:\n${output}`);
  return output;
}

/** The first documents of `watch --json`, after which it is ended. */
async function watchBriefly(): Promise<void> {
  const watch = clone.start(["watch", "mini", "--json"], team.backend);
  const exited = once(watch, "exit");
  await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 8000))]);
  expect(watch.exitCode).toBeNull();
  process.kill(-(watch.pid ?? 0), "SIGINT");
  await exited;
}

beforeAll(async () => {
  team = await createTeam({
    buildKubeconfig: async (kubeconfig) => {
      proxy = await startFaultyProxy(kubeconfig, random);
      return proxy.kubeconfig;
    },
  });
  clone = team.makeClone();
});

afterAll(async () => {
  await team?.remove();
  await proxy?.stop();
});

describe(`an API server that is slow, refuses and loses answers (seed ${String(seed)})`, () => {
  it.each(Array.from({ length: rounds }, (_, index) => index + 1))(
    "is submitted to, watched, retried and cleared without an orphan or a second run (round %i)",
    async () => {
      proxy.setFaults({ delayMs: 100, refusedShare: 0.15, lostShare: 0.05 });
      await run("up", "mini");
      const submitted = await listSubmitted(team.api);
      expect(await run("up", "mini")).not.toMatch(/created|changed,/);
      expect(await listSubmitted(team.api)).toEqual(submitted);
      await watchBriefly();
      const training = [...submitted.keys()].find((name) => name.startsWith("TrainJob/")) ?? "";
      await team.api.call("DELETE", `${trainJobsPath}/${training.slice("TrainJob/".length)}`);
      await run("retry", "mini");
      expect([...(await listSubmitted(team.api)).keys()]).toEqual([...submitted.keys()]);
      await run("destroy", "mini", "--yes");
      expect([...(await listSubmitted(team.api)).keys()]).toEqual([]);
      proxy.setFaults(noFaults);
    },
  );
});
