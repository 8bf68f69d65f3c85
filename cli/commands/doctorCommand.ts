import { existsSync } from "node:fs";
import { Command } from "commander";
import { toolchainFile } from "../../workspace/toolchain.ts";
import { hasKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { hasBridge, isHostAlive, findHostIndexes } from "../cluster/hostTraces.ts";
import { findPluginSource, pulumiProviders } from "../engine/pluginSources.ts";
import { listDeclaredStacks } from "../engine/stackDeclarations.ts";
import { listLocalHostObstacles, listMissingPackages, listSetupObstacles } from "../setup/machineRequirements.ts";
import type { SetupScope } from "../setup/setupScope.ts";
import { listMissingTasks, estimateSpaceGB } from "../setup/setupScope.ts";

/** One line of the examination: what was looked at, what was seen, and what to do where it is not well. */
interface DoctorFinding {
  readonly what: string;
  readonly seen: string;
  /** Absent where all is well. */
  readonly remedy?: string;
}

/** What this machine was made for: a complete client that knows of no more is asked for no more. */
function detectSetupScope(): SetupScope {
  const isClient =
    existsSync(toolchainFile) && listMissingTasks("client").length === 0 && listMissingTasks("all").length > 0;
  return isClient ? "client" : "all";
}

/** What is built, and whether this checkout has been told where. */
function checkToolchain(scope: SetupScope): DoctorFinding {
  const missing = listMissingTasks(scope);
  const what = "toolchain";
  if (missing.length > 0) {
    const seen = `${String(missing.length)} parts to be built: ${missing.map(({ title }) => title).join(", ")}`;
    return { what, seen, remedy: "./mixcpt setup; ./mixcpt setup client is enough for clusters that are there" };
  }
  if (!existsSync(toolchainFile))
    return {
      what,
      seen: "built, but this checkout does not know of it yet",
      remedy: "./mixcpt setup, which takes a second",
    };
  return {
    what,
    seen:
      scope === "all"
        ? "complete"
        : "complete for clusters that are there (./mixcpt setup adds local hosts and images)",
  };
}

function checkDebianPackages(scope: SetupScope): DoctorFinding[] {
  if (scope === "client") return [];
  const packages = listMissingPackages();
  const what = "Debian packages";
  return [
    packages.length === 0
      ? { what, seen: "complete" }
      : { what, seen: `missing: ${packages.join(", ")}`, remedy: "./mixcpt setup installs them" },
  ];
}

function checkPulumiPlugins(): DoctorFinding[] {
  return pulumiProviders.map((provider) => {
    const { kind, path } = findPluginSource(provider);
    return {
      what: `Pulumi plugin ${provider}`,
      seen: kind === "vendor" ? `the vendor's, ${path}` : "this project's stand-in (the vendor's is not installed)",
    };
  });
}

function checkLocalCluster(stack: string): DoctorFinding {
  const what = `cluster ${stack}`;
  const hosts = findHostIndexes(stack);
  const alive = hosts.filter((index) => isHostAlive(stack, index)).length;
  if (hosts.length === 0 && !hasBridge(stack))
    return { what, seen: hasKubeconfig(stack) ? "no local hosts" : "not up" };
  if (alive === hosts.length && alive > 0) return { what, seen: `${String(alive)} local hosts are running` };
  return {
    what,
    seen: `leftovers of ${String(hosts.length)} hosts, ${String(alive)} of them running`,
    remedy: `./mixcpt down ${stack} clears them, ./mixcpt cluster up ${stack} does so and starts anew`,
  };
}

function checkMachine(scope: SetupScope): DoctorFinding[] {
  const found = [
    ...listSetupObstacles(estimateSpaceGB(listMissingTasks(scope), scope), scope),
    ...(scope === "all" ? listLocalHostObstacles() : []),
  ];
  if (found.length === 0)
    return [
      {
        what: "machine",
        seen: scope === "all" ? "can build the toolchain and run local hosts" : "can talk to clusters that are there",
      },
    ];
  return found.map((obstacle) => ({ what: "machine", seen: obstacle, remedy: "see the line itself" }));
}

function formatDoctorFinding({ what, seen, remedy }: DoctorFinding): string {
  return `  ${remedy === undefined ? "✓" : "!"} ${what}: ${seen}${remedy === undefined ? "" : `\n      → ${remedy}`}`;
}

export function buildDoctorCommand(): Command {
  return new Command("doctor").action(() => {
    const scope = detectSetupScope();
    const findings = [
      ...checkMachine(scope),
      checkToolchain(scope),
      ...checkDebianPackages(scope),
      ...checkPulumiPlugins(),
      ...listDeclaredStacks("mixcpt-infra").map(checkLocalCluster),
    ];
    for (const finding of findings) console.log(formatDoctorFinding(finding));
    process.exitCode = findings.some(({ remedy }) => remedy !== undefined) ? 1 : 0;
  });
}
