/**
 * Two people who submit one stack at the same time, each from a checkout of their own, with a backend that they share,
 * the real Pulumi engine and a real API server. MIXCPT_CHAOS_ROUNDS is the number of rounds (20), MIXCPT_CHAOS_SEED
 * repeats their moments.
 */
import { env } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import type { ClonedCheckout } from "../support/clonedCheckout.ts";
import { createRandom } from "../support/random.ts";
import { listSubmitted } from "../support/submittedObjects.ts";
import { createTeam } from "../support/team.ts";
import type { Team } from "../support/team.ts";

const rounds = Number(env["MIXCPT_CHAOS_ROUNDS"] ?? 20);
const seed = Number(env["MIXCPT_CHAOS_SEED"] ?? Date.now() % 1_000_000);
const random = createRandom(seed);

jest.setTimeout(900_000);

let team: Team;
let people: readonly ClonedCheckout[];
/** Milliseconds of an `up` beside which nobody else works, and what it submits. */
let undisturbed: { readonly duration: number; readonly objects: readonly string[] };

beforeAll(async () => {
  team = await createTeam();
  people = [team.makeClone(), team.makeClone()];
  const started = Date.now();
  await runSuccessfully("up", "mini");
  undisturbed = { duration: Date.now() - started, objects: [...(await listSubmitted(team.api)).keys()] };
  await runSuccessfully("destroy", "mini", "--yes");
});

afterAll(async () => {
  await team?.remove();
});

function run(person: number, ...args: string[]) {
  const [first, second] = people;
  const clone = person === 0 ? first : second;
  if (clone === undefined) throw new Error("there are two people");
  return clone.run(args, { ...team.backend, ...team.proxy });
}

async function runSuccessfully(...args: string[]): Promise<string> {
  const { exitCode, output } = await run(0, ...args);
  if (exitCode !== 0) throw new Error(`${args.join(" ")} exited with code ${String(exitCode)}:\n${output}`);
  return output;
}

describe(`two people at once (seed ${String(seed)})`, () => {
  it.each(Array.from({ length: rounds }, (_, index) => index + 1))(
    "submit every run once, and the one who comes too late is told so (round %i)",
    async () => {
      const pause = random() * undisturbed.duration;
      const results = await Promise.all([run(0, "up", "mini"), delay(pause).then(() => run(1, "up", "mini"))]);
      const failures = results.filter(({ exitCode }) => exitCode !== 0);
      expect(failures.length).toBeLessThan(2);
      for (const { output } of failures) expect(output).toMatch(/lock|another/i);
      const submitted = await listSubmitted(team.api);
      expect([...submitted.keys()]).toEqual(undisturbed.objects);
      expect(await runSuccessfully("up", "mini")).not.toMatch(/created|changed,/);
      expect(await listSubmitted(team.api)).toEqual(submitted);
      await runSuccessfully("destroy", "mini", "--yes");
      expect([...(await listSubmitted(team.api)).keys()]).toEqual([]);
    },
  );
});
