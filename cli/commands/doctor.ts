import { existsSync } from "node:fs";
import { Command } from "commander";
import { softwareFile } from "../../infra/software.ts";
import { kubeconfigFile } from "../cluster/declared.ts";
import { bridgeExists, isAlive, tracesOf } from "../cluster/localHosts.ts";
import { pluginSource, providers } from "../engine/plugins.ts";
import { declaredStacks } from "../engine/declared.ts";
import { localHostObstacles, missingPackages, obstacles } from "../setup/machine.ts";
import type { Scope } from "../setup/scope.ts";
import { missingSteps, spaceGB } from "../setup/scope.ts";

/** One line of the examination: what was looked at, what was seen, and what to do where it is not well. */
interface Finding {
  what: string;
  seen: string;
  /** Absent where all is well. */
  remedy?: string;
}

/** What this machine was made for: a complete client that knows of no more is asked for no more. */
function scopeOfMachine(): Scope {
  const isClient = existsSync(softwareFile) && missingSteps("client").length === 0 && missingSteps("all").length > 0;
  return isClient ? "client" : "all";
}

/** What is built, and whether this checkout has been told where. */
function built(scope: Scope): Finding {
  const missing = missingSteps(scope);
  const what = "toolchain";
  if (missing.length > 0) {
    const seen = `${String(missing.length)} parts to be built: ${missing.map(({ title }) => title).join(", ")}`;
    return { what, seen, remedy: "./mixcpt setup; ./mixcpt setup client is enough for clusters that are there" };
  }
  if (!existsSync(softwareFile)) return { what, seen: "built, but this checkout does not know of it yet", remedy: "./mixcpt setup, which takes a second" };
  return { what, seen: scope === "all" ? "complete" : "complete for clusters that are there (./mixcpt setup adds local hosts and images)" };
}

function debian(scope: Scope): Finding[] {
  if (scope === "client") return [];
  const packages = missingPackages();
  const what = "Debian packages";
  return [packages.length === 0 ? { what, seen: "complete" } : { what, seen: `missing: ${packages.join(", ")}`, remedy: "./mixcpt setup installs them" }];
}

function plugins(): Finding[] {
  return providers.map((provider) => {
    const { kind, path } = pluginSource(provider);
    return { what: `Pulumi plugin ${provider}`, seen: kind === "vendor" ? `the vendor's, ${path}` : "this project's stand-in (the vendor's is not installed)" };
  });
}

function cluster(stack: string): Finding {
  const what = `cluster ${stack}`;
  const hosts = tracesOf(stack);
  const alive = hosts.filter((index) => isAlive(stack, index)).length;
  if (hosts.length === 0 && !bridgeExists(stack)) return { what, seen: existsSync(kubeconfigFile(stack)) ? "no local hosts" : "not up" };
  if (alive === hosts.length && alive > 0) return { what, seen: `${String(alive)} local hosts are running` };
  return { what, seen: `leftovers of ${String(hosts.length)} hosts, ${String(alive)} of them running`, remedy: `./mixcpt down ${stack} clears them, ./mixcpt cluster up ${stack} does so and starts anew` };
}

function machine(scope: Scope): Finding[] {
  const found = [...obstacles(spaceGB(missingSteps(scope), scope), scope), ...(scope === "all" ? localHostObstacles() : [])];
  if (found.length === 0) return [{ what: "machine", seen: scope === "all" ? "can build the toolchain and run local hosts" : "can talk to clusters that are there" }];
  return found.map((obstacle) => ({ what: "machine", seen: obstacle, remedy: "see the line itself" }));
}

const line = ({ what, seen, remedy }: Finding): string => `  ${remedy === undefined ? "✓" : "!"} ${what}: ${seen}${remedy === undefined ? "" : `\n      → ${remedy}`}`;

export const doctorCommand = (): Command =>
  new Command("doctor").action(() => {
    const scope = scopeOfMachine();
    const findings = [...machine(scope), built(scope), ...debian(scope), ...plugins(), ...declaredStacks("mixcpt-infra").map(cluster)];
    for (const finding of findings) console.log(line(finding));
    process.exitCode = findings.some(({ remedy }) => remedy !== undefined) ? 1 : 0;
  });
