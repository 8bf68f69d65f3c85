/** Two teams on one cluster of local hosts: what the platform engineer makes for them, and the files of each team. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { stringify } from "yaml";
import { checkoutDirectory, resolveInstanceDirectory } from "../../workspace/environment.ts";
import { runLongMixcpt, runMixcptSuccessfully, runProgram } from "./mixcptCommand.ts";
import type { CommandResult } from "./mixcptCommand.ts";
import { findProgram } from "./toolchainPrograms.ts";

/** Machines and cells take many minutes where other work uses the processors. */
const patienceMs = 25 * 60_000;

/** The stack of infra/ with the machines. */
export const machinesStack = "test-tenants";

export const teams = ["team-a", "team-b"] as const;
export type Team = (typeof teams)[number];

const devices = { gpu: "MI250X", devicesPerNode: 2, emulated: true };

/** The stack of infra/ by which the platform engineer gives a team its namespace and its share of the GPUs. */
export function formatPlatformStack(team: Team): string {
  return `test-tenants-${team}`;
}

/** The stack of infra/ of the team itself, with the same name as its namespace. */
export function formatTenantStack(team: Team): string {
  return `test-${team}`;
}

export function formatCellsStack(team: Team): string {
  return `test-cells-${team}`;
}

/** The stack of the first team whose trainings meet faults. */
export const faultsStack = "test-faults";

export function resolveKubeconfig(team: Team): string {
  return resolve(resolveInstanceDirectory(machinesStack), `${team}.kubeconfig`);
}

function resolveStore(): string {
  return resolve(resolveInstanceDirectory(machinesStack), "store");
}

export function resolveTeamStore(team: Team): string {
  return resolve(resolveStore(), team);
}

function buildMachines() {
  return {
    kind: "local",
    platform: "elsewhere",
    hosts: 2,
    network: "10.94.0.0/16",
    emulated: { gpu: devices.gpu, devicesPerNode: devices.devicesPerNode },
  };
}

/** Both queues have half of the devices and may borrow the other half. The first install brings the controllers. */
function buildPlatform(team: Team) {
  const [first] = teams;
  const flavor = team === first ? {} : { flavor: `mixcpt-${first}-mi250x-emulated` };
  return {
    kind: "existing",
    kubeconfigFile: `.mixcpt/${machinesStack}/kubeconfig`,
    namespace: team,
    nodes: 2,
    devices,
    controllers: team === first ? "built" : "installed",
    store: { kind: "path", path: `/srv/mixcpt/${team}` },
    queue: { quota: 2, cohort: "gpus", borrowingLimit: 2, ...flavor },
  };
}

function buildTenant(team: Team) {
  return {
    kind: "tenant",
    kubeconfigFile: resolveKubeconfig(team),
    namespace: team,
    queue: "gpu",
    dataQueue: "cpu",
    claim: "store",
    runtime: { kind: "TrainingRuntime", name: "llama-factory" },
    account: "publish",
    priorityClasses: `mixcpt-${team}`,
    nodes: 2,
    devices,
  };
}

/** Two cells, each of which needs the devices of a node: half of the cluster. */
function buildCells(team: Team, steps: number) {
  return {
    "mixcpt:family": "tiny",
    "mixcpt:protocol": "miniature",
    "mixcpt:axes": { data: ["Mono", "Bi+Code"], categories: ["Stag"] },
    "mixcpt:hardware": { gpu: devices.gpu, nodesPerCell: 1, devicesPerNode: 2 },
    "mixcpt:overrides": { "Tiny-Mono-Stag": { max_steps: steps }, "Tiny-Bi+Code-Stag": { max_steps: steps } },
    "mixcpt:cluster": formatTenantStack(team),
  };
}

function listFiles(): [file: string, config: object][] {
  const ofTeams = teams.flatMap((team): [string, object][] => [
    [`infra/Pulumi.${formatPlatformStack(team)}.yaml`, { "mixcpt-infra:cluster": buildPlatform(team) }],
    [`infra/Pulumi.${formatTenantStack(team)}.yaml`, { "mixcpt-infra:cluster": buildTenant(team) }],
    // the borrower's trainings, which get a share of a processor, still run when the lender submits its own
    [`Pulumi.${formatCellsStack(team)}.yaml`, buildCells(team, team === teams[0] ? 1200 : 60)],
  ]);
  return [
    [`infra/Pulumi.${machinesStack}.yaml`, { "mixcpt-infra:cluster": buildMachines() }],
    // far more steps than the faults last; the test ends these trainings
    [`Pulumi.${faultsStack}.yaml`, buildCells(teams[0], 60_000)],
    ...ofTeams,
  ];
}

/** Gives a team what an administrator hands out: its folder of the store, its namespace, and a credential for it. */
async function admitTeam(team: Team): Promise<void> {
  mkdirSync(resolveTeamStore(team), { recursive: true });
  await runProgram("chown", ["1000:1000", resolveTeamStore(team)]);
  await runLongMixcpt(patienceMs, "cluster", "up", formatPlatformStack(team));
  const command = ["cluster", "kubeconfig", formatPlatformStack(team), "--role", "submit"];
  const { stdout } = await runProgram(resolve(checkoutDirectory, "mixcpt"), command);
  writeFileSync(resolveKubeconfig(team), stdout, { mode: 0o600 });
}

/**
 * Writes the files of all stacks and makes the machines, and on them the platform of both teams. All files of tests
 * share them (tests/tenants/makeMachines.cjs).
 */
export async function admitTeams(): Promise<void> {
  for (const [file, config] of listFiles()) writeFileSync(resolve(checkoutDirectory, file), stringify({ config }));
  await runMixcptSuccessfully("down", machinesStack, "--yes", "--end-running");
  rmSync(resolveStore(), { recursive: true, force: true }); // left by an earlier run
  await runLongMixcpt(patienceMs, "cluster", "up", machinesStack);
  for (const team of teams) await admitTeam(team);
}

/** Waits until all cells of a team are done. @throws Error with the last picture of `watch` if one fails */
export function waitForCells(team: Team): Promise<string> {
  return runLongMixcpt(2 * patienceMs, "watch", formatCellsStack(team));
}

/** Takes the machines down and removes the files of the stacks. */
export async function removeTeams(): Promise<void> {
  await runMixcptSuccessfully("down", machinesStack, "--yes", "--end-running");
  for (const [file] of listFiles()) rmSync(resolve(checkoutDirectory, file), { force: true });
}

/** Runs kubectl with the credential of a team, or with the administrator's. */
export function runTeamKubectl(user: Team | "administrator", ...args: string[]): Promise<CommandResult> {
  const file =
    user === "administrator" ? resolve(resolveInstanceDirectory(machinesStack), "kubeconfig") : resolveKubeconfig(user);
  return runProgram(findProgram("kubectl"), ["--kubeconfig", file, ...args]);
}
