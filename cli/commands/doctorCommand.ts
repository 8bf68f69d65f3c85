import { Command } from "commander";
import { lacksStoreImage } from "../../infra/clusterImages.ts";
import type { GpuNodeReport } from "../../infra/platform/gpuNodeComparison.ts";
import { listGpuNodeLines } from "../../infra/platform/gpuNodeComparison.ts";
import { listKnownPrograms } from "../../workspace/toolchain.ts";
import { checkCertificate } from "../cluster/administratorCertificate.ts";
import { examineGpuNodes } from "../cluster/checkGpuNodes.ts";
import { findPlatformProblems } from "../cluster/checkPlatform.ts";
import { isForeignCluster } from "../../infra/clusterConfig.ts";
import { checkEnforcement } from "../cluster/checkEnforcement.ts";
import { checkUpkeep } from "../cluster/checkUpkeep.ts";
import { findClusterConfig, readClusterConfig } from "../cluster/readClusterConfig.ts";
import { findHostIndexes, hasBridge, isHostAlive } from "../cluster/hostTraces.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { findPluginSource, pulumiProviders } from "../engine/pluginSources.ts";
import { isTestStack, listDeclaredStacks } from "../engine/stackDeclarations.ts";
import { formatErrorMessage } from "../explainError.ts";
import { probeCluster } from "../kubernetes/kubectl.ts";
import { hasKubeconfig, readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { checkPreflight } from "../preflight/checkPreflight.ts";
import { listLocalHostObstacles, listMissingPackages, listSetupObstacles } from "../setup/machineRequirements.ts";
import type { SetupScope } from "../setup/scopeNeeds.ts";
import { needsDebian } from "../setup/scopeNeeds.ts";
import { isGoInstalled } from "../setup/goToolchain.ts";
import { describeProgramOrigins } from "../setup/programWays.ts";
import { estimateSpaceGB, listMissingTasks, listProgramSets } from "../setup/setupScope.ts";
import { buildDoctorDocument } from "./doctorDocument.ts";
import type { DoctorFinding } from "./doctorDocument.ts";
import { checkToolchain, describeClusterSoftware, detectSetupScope } from "./doctorToolchain.ts";
import { formatCount } from "../terminal/formatList.ts";
import { printLine } from "../terminal/printLine.ts";

/** Tells where the programs come from, one line for each way. */
function describePrograms(scope: SetupScope): DoctorFinding[] {
  return describeProgramOrigins(listProgramSets(scope)).map((observation) => ({ subject: "programs", observation }));
}

/** Checks that Go is installed if anything is missing that may need it. */
function checkGo(scope: SetupScope): DoctorFinding[] {
  if (listMissingTasks(scope).length === 0 || isGoInstalled()) return [];
  return [
    {
      subject: "go",
      observation: "1.26 or newer was not found on PATH",
      remedy:
        "install it and put its bin directory on PATH; ./mixcpt setup downloads it where dl.google.com is reachable",
    },
  ];
}

function checkDebianPackages(scope: SetupScope): DoctorFinding[] {
  if (scope === "client") return [];
  const packages = listMissingPackages();
  const subject = "Debian packages";
  if (packages.length === 0) return [{ subject, observation: "complete" }];
  return [
    { subject, observation: `missing: ${packages.join(", ")}`, remedy: "run ./mixcpt setup, which installs them" },
  ];
}

function checkPulumiPlugins(): DoctorFinding[] {
  return pulumiProviders.map((provider) => {
    const { kind, folder, reason } = findPluginSource(provider);
    return {
      subject: `Pulumi plugin ${provider}`,
      observation: `${kind === "vendor" ? `the vendor's, ${folder}` : "this project's stand-in"} (${reason})`,
    };
  });
}

function checkLocalCluster(stack: string): DoctorFinding {
  const subject = `cluster ${stack}`;
  const hosts = findHostIndexes(stack);
  const alive = hosts.filter((index) => isHostAlive(stack, index)).length;
  if (hosts.length === 0 && !hasBridge(stack))
    return { subject, observation: hasKubeconfig(stack) ? "no local hosts" : "not up" };
  if (alive === hosts.length && alive > 0)
    return { subject, observation: `${formatCount(alive, "local host")} running` };
  return {
    subject,
    observation: `leftovers of ${formatCount(hosts.length, "host")}, ${String(alive)} of them running`,
    remedy: `run ./mixcpt down ${stack} to remove them, or ./mixcpt cluster up ${stack} to remove them and start again`,
  };
}

const probeTimeoutMilliseconds = 5000;

/** Checks the hosts of a cluster, whether it accepts this user's credentials, what is installed, and its GPU nodes. */
async function checkCluster(stack: string): Promise<DoctorFinding[]> {
  try {
    await updateKubeconfig(stack);
  } catch (error) {
    return [{ subject: `cluster ${stack}`, observation: formatErrorMessage(error), unknown: true }];
  }
  const finding = checkLocalCluster(stack);
  if (finding.remedy !== undefined || !hasKubeconfig(stack)) return [finding];
  return [...(await checkApiServer(stack, finding)), ...(await checkUpkeep(stack))];
}

async function checkApiServer(stack: string, { subject, observation }: DoctorFinding): Promise<DoctorFinding[]> {
  const programs = listKnownPrograms();
  const probe = await probeCluster(stack, { timeoutMilliseconds: probeTimeoutMilliseconds, programs });
  if (!probe.responds) return [{ subject, observation: probe.reason, unknown: true }];
  if (probe.refusal !== undefined) return [{ subject, ...probe.refusal }];
  const accepted = { subject, observation: `${observation}, accepts the credentials` };
  const platform = await checkPlatform(stack, subject);
  if (platform?.unknown === true) return [platform];
  const nodes = await checkGpuNodes(stack);
  const enforcement = await checkEnforcement(stack, findClusterConfig(stack));
  return [platform ?? accepted, ...checkCertificate(stack), ...nodes, ...(await checkPreflight(stack)), ...enforcement];
}

/** Checks the versions of what others have installed on an existing cluster; undefined if nothing is wrong. */
async function checkPlatform(stack: string, subject: string): Promise<DoctorFinding | undefined> {
  try {
    const config = readClusterConfig(stack);
    const problems = isForeignCluster(config) ? await findPlatformProblems(stack, config) : [];
    if (problems.length === 0) return undefined;
    const observation = `${formatCount(problems.length, "part")} missing or too old`;
    return { subject, observation, remedy: problems.join("\n        ") };
  } catch (error) {
    return { subject, observation: formatErrorMessage(error), unknown: true };
  }
}

function describeGpuNodes(report: GpuNodeReport): Omit<DoctorFinding, "subject"> {
  const lines = listGpuNodeLines(report);
  if (lines.length === 0) return { observation: "as the cluster's file declares them" };
  return { observation: "not as the cluster's file declares them", remedy: lines.join("\n        ") };
}

/** Compares the GPU nodes of a cluster with its file. */
async function checkGpuNodes(stack: string): Promise<DoctorFinding[]> {
  const subject = `GPU nodes of cluster ${stack}`;
  try {
    const report = await examineGpuNodes(readClusterConfig(stack), readClusterKubeconfig(stack));
    return report === undefined ? [] : [{ subject, ...describeGpuNodes(report) }];
  } catch (error) {
    return [{ subject, observation: formatErrorMessage(error), unknown: true }];
  }
}

/** The networks of the clusters of local hosts that do not run: those that do have their addresses already. */
function listNeededNetworks(): string[] {
  const configs = listExaminedClusters()
    .filter((stack) => !hasBridge(stack))
    .flatMap((stack) => findClusterConfig(stack) ?? []);
  return [...new Set(configs.flatMap((config) => (config.kind === "local" ? [config.network] : [])))];
}

function checkMachine(scope: SetupScope): DoctorFinding[] {
  const obstacles = [
    ...listSetupObstacles(estimateSpaceGB(listMissingTasks(scope), scope), scope),
    ...(needsDebian(scope) ? listLocalHostObstacles({ networks: listNeededNetworks() }) : []),
  ];
  const subject = "machine";
  if (obstacles.length > 0)
    return obstacles.map((observation) => ({ subject, observation, remedy: "see the line above" }));
  return [
    {
      subject,
      observation: needsDebian(scope) ? "can build the toolchain and run local hosts" : "can talk to existing clusters",
    },
  ];
}

/** Tells that a cluster's file from before the image `store` lets pods that wait pull a larger one. */
function describeStoreImage(stack: string): DoctorFinding[] {
  const config = findClusterConfig(stack);
  if (config === undefined || !lacksStoreImage(config)) return [];
  const observation = "no store, so pods that wait or publish pull evaluate (./mixcpt images push adds a smaller one)";
  return [{ subject: `images of cluster ${stack}`, observation }];
}

/** Clusters of the project's own tests are left out until something of them exists. */
function listExaminedClusters(): string[] {
  return listDeclaredStacks("mixcpt-infra").filter(
    (stack) => !isTestStack(stack) || findHostIndexes(stack).length > 0 || hasBridge(stack),
  );
}

function formatDoctorFinding({ subject, observation, remedy, unknown = false }: DoctorFinding): string {
  if (unknown) return `  ? ${subject}: ${observation}`;
  if (remedy === undefined) return `  ✓ ${subject}: ${observation}`;
  return `  ! ${subject}: ${observation}\n      → ${remedy}`;
}

async function examineMachine(): Promise<DoctorFinding[]> {
  const scope = detectSetupScope();
  return [
    ...checkMachine(scope),
    ...checkGo(scope),
    checkToolchain(scope),
    ...describePrograms(scope),
    ...checkDebianPackages(scope),
    ...checkPulumiPlugins(),
    ...listExaminedClusters().flatMap(describeStoreImage),
    ...listExaminedClusters().flatMap((stack) => describeClusterSoftware(stack, findClusterConfig(stack))),
    ...(await Promise.all(listExaminedClusters().map(checkCluster))).flat(),
  ];
}

export function buildDoctorCommand(): Command {
  return new Command("doctor")
    .option("--json", "print JSON for programs (docs/doctor.schema.json)")
    .action(async ({ json = false }: { json?: boolean }) => {
      const findings = await examineMachine();
      if (json) printLine(JSON.stringify(buildDoctorDocument(findings), undefined, 2));
      else for (const finding of findings) printLine(formatDoctorFinding(finding));
      process.exitCode = findings.some(({ remedy }) => remedy !== undefined) ? 1 : 0;
    });
}
