import { existsSync } from "node:fs";
import { Command } from "commander";
import { listKnownPrograms, toolchainFile } from "../../workspace/toolchain.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { findHostIndexes, hasBridge, isHostAlive } from "../cluster/hostTraces.ts";
import { findPluginSource, pulumiProviders } from "../engine/pluginSources.ts";
import { isTestStack, listDeclaredStacks } from "../engine/stackDeclarations.ts";
import { probeCluster } from "../kubernetes/kubectl.ts";
import { hasKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { listLocalHostObstacles, listMissingPackages, listSetupObstacles } from "../setup/machineRequirements.ts";
import type { SetupScope } from "../setup/setupScope.ts";
import { estimateSpaceGB, listMissingTasks } from "../setup/setupScope.ts";
import { buildDoctorDocument } from "./doctorDocument.ts";
import type { DoctorFinding } from "./doctorDocument.ts";
import { formatCount } from "../terminal/formatList.ts";
import { printLine } from "../terminal/printLine.ts";

/** The scope that this machine was set up for: a complete client needs no local hosts and images. */
function detectSetupScope(): SetupScope {
  const isClient =
    existsSync(toolchainFile) && listMissingTasks("client").length === 0 && listMissingTasks("all").length > 0;
  return isClient ? "client" : "all";
}

/** Checks that all parts of the toolchain are built and that this checkout records where they are. */
function checkToolchain(scope: SetupScope): DoctorFinding {
  const missing = listMissingTasks(scope);
  const subject = "toolchain";
  if (missing.length > 0)
    return {
      subject,
      observation: `missing ${formatCount(missing.length, "part")}: ${missing.map(({ title }) => title).join(", ")}`,
      remedy: "run ./mixcpt setup, or ./mixcpt setup client to work with existing clusters only",
    };
  if (!existsSync(toolchainFile))
    return {
      subject,
      observation: "built, but not yet recorded in this checkout",
      remedy: "run ./mixcpt setup, which takes a second",
    };
  const clientOnly = "complete for existing clusters (./mixcpt setup adds local hosts and images)";
  return { subject, observation: scope === "all" ? "complete" : clientOnly };
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
    const { kind, path } = findPluginSource(provider);
    return {
      subject: `Pulumi plugin ${provider}`,
      observation:
        kind === "vendor" ? `the vendor's, ${path}` : "this project's stand-in (the vendor's is not installed)",
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

/** True for a cluster of local hosts that are down: its kubeconfig outlives them. */
function hasNoHosts(stack: string): boolean {
  try {
    return findHostIndexes(stack).length === 0 && readClusterConfig(stack).kind === "local";
  } catch {
    return false; // a file that cannot be used says nothing about the kind; the cluster can still be asked
  }
}

const probeTimeoutMilliseconds = 5000;

/** Checks the hosts of a cluster, then whether a cluster that should run accepts this user's credentials. */
async function checkCluster(stack: string): Promise<DoctorFinding> {
  const finding = checkLocalCluster(stack);
  if (finding.remedy !== undefined || !hasKubeconfig(stack) || hasNoHosts(stack)) return finding;
  const programs = listKnownPrograms();
  const probe = await probeCluster(stack, { timeoutMilliseconds: probeTimeoutMilliseconds, programs });
  const { subject, observation } = finding;
  if (!probe.responds) return { subject, observation: probe.reason, unknown: true };
  return probe.refusal === undefined
    ? { subject, observation: `${observation}, accepts the credentials` }
    : { subject, ...probe.refusal };
}

function checkMachine(scope: SetupScope): DoctorFinding[] {
  const obstacles = [
    ...listSetupObstacles(estimateSpaceGB(listMissingTasks(scope), scope), scope),
    ...(scope === "all" ? listLocalHostObstacles() : []),
  ];
  const subject = "machine";
  if (obstacles.length > 0)
    return obstacles.map((observation) => ({ subject, observation, remedy: "see the line above" }));
  return [
    {
      subject,
      observation: scope === "all" ? "can build the toolchain and run local hosts" : "can talk to existing clusters",
    },
  ];
}

/** Clusters of the project's own tests are left out until something of them exists. */
function listExaminedClusters(): string[] {
  return listDeclaredStacks("mixcpt-infra").filter(
    (stack) => !isTestStack(stack) || findHostIndexes(stack).length > 0 || hasBridge(stack),
  );
}

function formatDoctorFinding({ subject, observation, remedy, unknown = false }: DoctorFinding): string {
  if (unknown) return `  ? ${subject}: ${observation}`;
  return remedy === undefined ? `  ✓ ${subject}: ${observation}` : `  ! ${subject}: ${observation}\n      → ${remedy}`;
}

async function examineMachine(): Promise<DoctorFinding[]> {
  const scope = detectSetupScope();
  return [
    ...checkMachine(scope),
    checkToolchain(scope),
    ...checkDebianPackages(scope),
    ...checkPulumiPlugins(),
    ...(await Promise.all(listExaminedClusters().map(checkCluster))),
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
