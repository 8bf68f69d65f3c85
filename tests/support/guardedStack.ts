/**
 * Run as a separate program, `node guardedStack.ts REQUEST`: one guarded command of an experiments stack, with the
 * project's own Pulumi program, on clusters whose stacks of infra/ are replaced by their outputs. Jest cannot load the
 * Kubernetes client.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { explainError } from "../../cli/explainError.ts";
import { writeClusterKubeconfig } from "../../cli/kubernetes/kubeconfigFile.ts";
import { guardDestruction, guardSubmission, previewSubmission } from "../../cli/runs/guardStack.ts";
import type { CellExperiment } from "../../jobs/experiment/index.ts";
import { buildProvisionalExperiment, parseStackConfig } from "../../jobs/experiment/index.ts";
import { emulatedCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { runExperimentProgram } from "../../stacks/experimentProgram.ts";
import { buildEngineVariables } from "./pulumiEngine.ts";

export interface GuardedCommand {
  /** Home of an engine of `createPulumiEngine`. */
  readonly home: string;
  readonly verb: "declare-cluster" | "up" | "preview" | "destroy";
  readonly cluster: string;
  /** Name of the experiments stack; "mini" if omitted. */
  readonly stack?: string;
  /** For `declare-cluster`. */
  readonly kubeconfig?: string;
  readonly axes?: Readonly<Record<string, readonly (string | number)[]>>;
  readonly endRunning?: boolean;
}

const defaultStack = "mini";

async function openProject(home: string, project: string, [name, program]: [string, PulumiFn]): Promise<Stack> {
  const workDir = join(home, project);
  mkdirSync(workDir, { recursive: true });
  writeFileSync(join(workDir, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
  const pulumiCommand = await PulumiCommand.get({ root: join(home, "cli"), skipVersionCheck: true });
  return LocalWorkspace.createOrSelectStack(
    { stackName: name, projectName: project, program },
    { workDir, pulumiCommand, envVars: buildEngineVariables(home) },
  );
}

/** Gives a cluster stack its outputs, as `cluster up` would. */
async function declareCluster({ home, cluster, kubeconfig = "" }: GuardedCommand): Promise<void> {
  const outputs = { ...emulatedCluster, kubeconfig };
  await (await openProject(home, "mixcpt-infra", [cluster, () => Promise.resolve({ ...outputs })])).up();
  writeClusterKubeconfig(cluster, kubeconfig);
}

function buildStackValues({ cluster, axes = { data: ["Mono"], categories: ["Stag"] } }: GuardedCommand) {
  const hardware = { gpu: "MI250X", devicesPerNode: 2 };
  return { family: "tiny", protocol: "miniature", axes, hardware, cluster };
}

async function openExperiments(command: GuardedCommand): Promise<Stack> {
  const program = async () => ({ ...(await runExperimentProgram()) });
  const stack = await openProject(command.home, "mixcpt", [command.stack ?? defaultStack, program]);
  for (const [key, value] of Object.entries(buildStackValues(command)))
    await stack.setConfig(`mixcpt:${key}`, { value: typeof value === "string" ? value : JSON.stringify(value) });
  return stack;
}

function listCells(command: GuardedCommand): readonly CellExperiment[] {
  const stack = command.stack ?? defaultStack;
  const entries = Object.entries(buildStackValues(command)).map(([key, value]) => [`mixcpt:${key}`, value]);
  const config = parseStackConfig({ stack, file: `Pulumi.${stack}.yaml`, values: Object.fromEntries(entries) });
  return buildProvisionalExperiment(config, emulatedCluster).cells;
}

async function runCommand(command: GuardedCommand): Promise<void> {
  const { verb, cluster: target, endRunning = false } = command;
  if (verb === "declare-cluster") return declareCluster(command);
  const opened = await openExperiments(command);
  const guard = { stack: command.stack ?? defaultStack, listCells: () => listCells(command), endRunning };
  if (verb === "preview") {
    await previewSubmission(opened, { ...guard, target });
    return;
  }
  if (verb === "up") await guardSubmission(opened, { ...guard, verb, target });
  else await guardDestruction(opened, { ...guard, print: (line) => console.log(line) });
  const { summary } = await opened[verb]();
  console.log(JSON.stringify(summary.resourceChanges));
}

try {
  await runCommand(JSON.parse(argv[2] ?? "") as GuardedCommand);
} catch (error) {
  console.error(explainError(error));
  process.exitCode = 1;
}
