/**
 * Two teams with rights in their namespaces alone, beside each other on two real hosts with kubelets, Kueue, JobSet and
 * Trainer: who gets which share of the GPUs, and what each is refused.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { runMixcpt, runMixcptSuccessfully } from "../support/mixcptCommand.ts";
import type { ObjectWithConditions } from "../support/testCluster.ts";
import { hasCondition, pollFor } from "../support/testCluster.ts";
import {
  awaitCheckpoints,
  findRestartedTraining,
  limitTrainings,
  listRunningTrainings,
  listTeamObjects,
  readTrainingLog,
} from "../support/teamRuns.ts";
import {
  formatCellsStack,
  formatTenantStack,
  machinesStack,
  runTeamKubectl,
  teams,
  waitForCells,
} from "../support/tenantTeams.ts";

const minuteMs = 60_000;
const [borrower, lender] = teams;

it(
  "each use the cluster with the credential of the role submit",
  async () => {
    for (const team of teams)
      expect(await runMixcptSuccessfully("cluster", "up", formatTenantStack(team))).toContain("is up");
  },
  15 * minuteMs,
);

it(
  "a team alone borrows what the other does not use: both cells train at once",
  async () => {
    await runMixcptSuccessfully("up", formatCellsStack(borrower));
    await limitTrainings(borrower, 2, 0.2);
    await awaitCheckpoints(borrower, 2);
    expect(await listRunningTrainings(borrower)).toHaveLength(2);
  },
  60 * minuteMs,
);

it(
  "the lender gets its share back: a borrowing training ends without using up a restart, and both have half",
  async () => {
    await runMixcptSuccessfully("up", formatCellsStack(lender));
    const preempted = await pollFor("a restarted training", 900, () => findRestartedTraining(borrower));
    expect(preempted.status).toMatchObject({ restarts: 1 });
    expect(preempted.status.restartsCountTowardsMax ?? 0).toBe(0);
    await pollFor("a training of the lender", 900, async () =>
      (await listRunningTrainings(lender)).length === 1 ? true : undefined,
    );
    expect(await listRunningTrainings(borrower)).toHaveLength(1);
  },
  40 * minuteMs,
);

it(
  "a team is refused what belongs to others, to the cluster or to its administrator",
  async () => {
    const attempts = [
      ["get", "pods", "-n", lender],
      ["delete", "trainjobs", "--all", "-n", lender],
      ["get", "secrets"],
      ["create", "configmap", "scores"],
      ["patch", "localqueue", "gpu", "--type=merge", "-p", '{"spec":{"clusterQueue":"mixcpt-team-b-gpu"}}'],
      ["patch", "clusterqueue", "mixcpt-team-a-gpu", "--type=merge", "-p", '{"spec":{"cohortName":"mine"}}'],
      ["delete", "node", "--all"],
    ];
    for (const attempt of attempts) {
      const { exitCode, output } = await runTeamKubectl(borrower, ...attempt);
      expect([exitCode, output]).toEqual([1, expect.stringMatching(/forbidden/i)]);
    }
    const { exitCode, output } = await runMixcpt("down", machinesStack, "--yes");
    expect([exitCode, output]).toEqual([1, expect.stringContaining("tiny-")]);
  },
  10 * minuteMs,
);

it(
  "the cells of both teams are done, and the preempted training has resumed from its checkpoint",
  async () => {
    for (const team of teams) await waitForCells(team);
    for (const team of teams) {
      const trainJobs = await listTeamObjects<ObjectWithConditions>(team, "trainjobs");
      expect(trainJobs.map((job) => hasCondition(job, "Complete"))).toEqual([true, true]);
    }
    const preempted = await findRestartedTraining(borrower);
    expect(await readTrainingLog(borrower, preempted?.metadata.name ?? "")).toMatch(/resuming from checkpoint-[1-9]/);
  },
  105 * minuteMs,
);

it(
  "each team reports its own scores, and removes its own runs alone",
  async () => {
    for (const team of teams) {
      const out = resolve(checkoutDirectory, ".mixcpt", machinesStack, `report-${team}`);
      await runMixcptSuccessfully("report", formatCellsStack(team), "--out", out);
      const { cells } = JSON.parse(readFileSync(resolve(out, "report.json"), "utf8")) as { cells: { id: string }[] };
      expect(new Set(cells.map(({ id }) => id)).size).toBe(2);
    }
    await runMixcptSuccessfully("destroy", formatCellsStack(borrower), "--yes");
    expect(await listTeamObjects(borrower, "trainjobs")).toHaveLength(0);
    expect(await listTeamObjects(lender, "trainjobs")).toHaveLength(2);
  },
  10 * minuteMs,
);
