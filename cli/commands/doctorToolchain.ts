/** What `doctor` says about the toolchain: for which commands it is complete, and which command completes it. */
import { existsSync } from "node:fs";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { readToolchain, toolchainFile } from "../../workspace/toolchain.ts";
import {
  findNeededScope,
  findRecordedScope,
  formatSetupCommand,
  listMissingSoftware,
} from "../setup/neededSoftware.ts";
import type { SetupScope } from "../setup/scopeNeeds.ts";
import { listMissingTasks } from "../setup/setupScope.ts";
import { isCurrentRecord } from "../setup/toolchainRecord.ts";
import { formatCount } from "../terminal/formatList.ts";
import type { DoctorFinding } from "./doctorDocument.ts";

/** The record of this checkout; undefined if there is none, or one of another version. */
function findToolchain(): Toolchain | undefined {
  try {
    return readToolchain();
  } catch {
    return undefined;
  }
}

/** The scope that this checkout was set up for; everything if it was not. */
export function detectSetupScope(): SetupScope {
  const recorded = findToolchain();
  return recorded === undefined ? "all" : findRecordedScope(recorded);
}

const completeTexts: Readonly<Partial<Record<SetupScope, string>>> = {
  demo: "complete for the demo (./mixcpt setup adds kube-vip and Cilium's manifests, for clusters that name them)",
  client: "complete for existing clusters (./mixcpt setup adds local hosts and images)",
};

const firstRemedy =
  "run ./mixcpt setup, or ./mixcpt setup demo for the demo and clusters without kube-vip and Cilium, " +
  "or ./mixcpt setup client to work with existing clusters only";

/** Describes the first reason for which the toolchain of this checkout cannot be used as it is; undefined if none. */
function findToolchainFault(scope: SetupScope): Omit<DoctorFinding, "subject"> | undefined {
  const command = formatSetupCommand(scope);
  const recorded = findToolchain();
  const missing = listMissingTasks(scope).map(({ title }) => title);
  if (missing.length > 0)
    return {
      observation: `missing ${formatCount(missing.length, "part")} of ${command}: ${missing.join(", ")}`,
      remedy: recorded === undefined ? firstRemedy : `run ${command}`,
    };
  if (recorded === undefined)
    return {
      observation: existsSync(toolchainFile)
        ? "built, but recorded in this checkout by another version of this project"
        : "built, but not yet recorded in this checkout",
      remedy: `run ${command}, which takes a second`,
    };
  if (isCurrentRecord(recorded)) return undefined;
  return {
    observation: "built, but this checkout's record names what another commit built",
    remedy: `run ${command}, which takes a second`,
  };
}

/** Checks that all parts of a scope are built and that this checkout records where they are. */
export function checkToolchain(scope: SetupScope): DoctorFinding {
  const subject = "toolchain";
  return { subject, ...(findToolchainFault(scope) ?? { observation: completeTexts[scope] ?? "complete" }) };
}

/** Tells what `cluster up` lacks for a cluster's file. That is no fault on a machine that only submits work to it. */
export function describeClusterSoftware(stack: string, config: ClusterConfig | undefined): DoctorFinding[] {
  const recorded = findToolchain();
  if (config === undefined || recorded === undefined) return [];
  const missing = listMissingSoftware(recorded, config);
  if (missing.length === 0) return [];
  const command = formatSetupCommand(findNeededScope(config));
  const lack = `no ${missing.join(" and no ")}`;
  const observation = `${lack}, which ./mixcpt cluster up ${stack} needs (${command} provides it)`;
  return [{ subject: `software for cluster ${stack}`, observation }];
}
