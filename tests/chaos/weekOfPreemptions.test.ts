/**
 * A week of preemptions in minutes: trainings on nodes that are only objects, with the real Kueue, JobSet, Trainer and
 * scheduler. The test stands in for the kubelets and the trainings: it starts and ends pods, and counts what their
 * checkpoints keep. Pods are evicted, the queue is drained, nodes disappear and controllers restart at random moments.
 * MIXCPT_CHAOS_ROUNDS is the number of such events (20), MIXCPT_CHAOS_SEED repeats an earlier run.
 */
import { env } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { createWeek } from "../support/preemptedWeek.ts";
import type { Week } from "../support/preemptedWeek.ts";

// Only paths of programs are read here, and Jest cannot load it.
jest.mock("execa", () => ({}));

const rounds = Number(env["MIXCPT_CHAOS_ROUNDS"] ?? 20);
const seed = Number(env["MIXCPT_CHAOS_SEED"] ?? Date.now() % 1_000_000);
const limitMs = 600_000 + rounds * 60_000;

jest.setTimeout(limitMs + 300_000);

let week: Week;

beforeAll(async () => {
  week = await createWeek(seed);
});

afterAll(async () => {
  await week?.stop();
});

describe(`a week of preemptions (seed ${String(seed)}, ${String(rounds)} events)`, () => {
  it("ends with every cell trained once, never twice at a time, and without a retry used up", async () => {
    const end = Date.now() + limitMs;
    let next = 0;
    let events = 0;
    while (!(await week.hasEnded()) && Date.now() < end) {
      await week.advance();
      if (events < rounds && Date.now() >= next && (await week.disturb())) {
        events += 1;
        next = Date.now() + 1000 + 4000 * week.random();
      }
      await delay(250);
    }
    console.log(week.describe());
    expect(week.violations).toEqual([]);
    expect(events).toBe(rounds);
    expect(await week.listUnfinished()).toEqual([]);
    expect(await week.countUsedRetries()).toBe(0);
  });
});
