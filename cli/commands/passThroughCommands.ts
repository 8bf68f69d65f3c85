import { resolve } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import {
  buildChildEnvironment,
  callerDirectory,
  checkoutDirectory,
  resolvePulumiHome,
} from "../../workspace/environment.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { restoreKubeconfig } from "../cluster/recordedKubeconfig.ts";
import { hasKubeconfig, requireKubeconfig, resolveKubeconfigPath } from "../kubernetes/kubeconfigFile.ts";
import { buildPulumiEnvironment } from "../engine/backend.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { reachCluster } from "../engine/reachCluster.ts";
import type { ProjectName } from "../engine/stackDeclarations.ts";
import { projectDirectories, refuseUnknownStack } from "../engine/stackDeclarations.ts";

interface ForegroundOptions {
  readonly cwd: string;
  readonly variables?: Record<string, string>;
}

/** Runs a program on this terminal and takes over its exit code. */
async function runInForeground(
  program: string,
  args: readonly string[],
  { cwd, variables = {} }: ForegroundOptions,
): Promise<void> {
  const environment = { ...buildPulumiEnvironment(readToolchain()), PULUMI_HOME: resolvePulumiHome() };
  const env = buildChildEnvironment({ ...environment, ...variables });
  const { exitCode } = await execa(program, args, { cwd, env, extendEnv: false, stdio: "inherit", reject: false });
  process.exitCode = exitCode ?? 1;
}

function isHelpFlag(word: string | undefined): boolean {
  return word === "--help" || word === "-h";
}

/**
 * Builds a command that passes its arguments on to another program. Only a leading help flag is answered here, so that
 * help needs neither a cluster nor the toolchain.
 */
function buildPassThroughCommand(name: string, run: (args: readonly string[]) => Promise<void>): Command {
  return new Command(name)
    .argument("[arguments...]", `arguments of ${name}`)
    .allowUnknownOption()
    .helpOption(false)
    .action(async (args: string[], _options: unknown, command: Command) => {
      if (isHelpFlag(args[0])) command.outputHelp();
      else await run(args);
    });
}

export function buildKubectlCommand(): Command {
  return buildPassThroughCommand("kubectl", async (args) => {
    const namesCluster = args[0] === "--cluster";
    const cluster = namesCluster ? (args[1] ?? "dev") : "dev";
    // a cluster whose stack file was deleted can still be reached
    if (!hasKubeconfig(cluster)) refuseUnknownStack("mixcpt-infra", cluster);
    await updateKubeconfig(cluster);
    if (!hasKubeconfig(cluster)) await restoreKubeconfig(cluster);
    requireKubeconfig(cluster);
    await runInForeground("kubectl", namesCluster ? args.slice(2) : args, {
      cwd: callerDirectory,
      variables: { KUBECONFIG: resolveKubeconfigPath(cluster) },
    });
  });
}

/** Options of pulumi that name a file to read or write. Files of the project, such as --config-file, are left out. */
const pulumiFileOptions = ["--file", "--out", "--plan", "--save-plan"];

/**
 * Makes the paths of pulumi's file options absolute: pulumi itself must run in the checkout, where the project is, but
 * relative paths start in the caller's folder.
 */
export function resolvePulumiFiles(args: readonly string[], folder: string): string[] {
  return args.map((word, index) => {
    const [option = "", ...value] = word.split("=");
    if (pulumiFileOptions.includes(option) && value.length > 0) return `${option}=${resolve(folder, value.join("="))}`;
    const isValue = pulumiFileOptions.includes(args[index - 1] ?? "") && !word.startsWith("-");
    return isValue ? resolve(folder, word) : word;
  });
}

/** Finds the value of an option of pulumi, given as `-s dev`, `--stack dev` or `--stack=dev`. */
function findPulumiOption(args: readonly string[], [short, long]: readonly [string, string]): string | undefined {
  const index = args.findIndex((word) => word === short || word === long || word.startsWith(`${long}=`));
  const word = args[index];
  return word?.startsWith(`${long}=`) ? word.slice(long.length + 1) : index < 0 ? undefined : args[index + 1];
}

/** Finds the stack that the arguments of pulumi name; undefined if they leave it to `pulumi stack select`. */
export function findPulumiStack(args: readonly string[]): { project: ProjectName; stack: string } | undefined {
  const stack = findPulumiOption(args, ["-s", "--stack"])?.split("/").at(-1);
  if (stack === undefined) return undefined;
  const folder = resolve(checkoutDirectory, findPulumiOption(args, ["-C", "--cwd"]) ?? ".");
  return { project: folder === projectDirectories[infraProject] ? infraProject : "mixcpt", stack };
}

/** Opens the tunnel that the named stack needs. What is wrong with a stack's file is pulumi's to say. */
async function reachNamedCluster(args: readonly string[]): Promise<void> {
  const named = findPulumiStack(args);
  if (named !== undefined) await reachCluster(named.project, named.stack).catch(() => undefined);
}

const pulumiHelp = `
pulumi runs in the checkout, where the experiments project is; begin with --cwd infra for the clusters.
Relative paths of ${pulumiFileOptions.join(", ")} start in the folder of the caller, all others in the checkout.
--stack NAME opens the tunnel to a cluster that is reached through its bastion.`;

export function buildPulumiCommand(): Command {
  return buildPassThroughCommand("pulumi", async (args) => {
    await reachNamedCluster(args);
    await runInForeground("pulumi", resolvePulumiFiles(args, callerDirectory), { cwd: checkoutDirectory });
  }).addHelpText("after", pulumiHelp);
}
