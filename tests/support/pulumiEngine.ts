import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { env } from "node:process";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { removeTruncatedRecords } from "../../cli/engine/stackState.ts";
import { resolvePluginFolder, findProgram } from "./toolchainPrograms.ts";

/** The real Pulumi engine with its own file backend, home and passphrase, and the plugins of this checkout. */
export interface PulumiEngine {
  readonly home: string;
  selectStack(name: string, program: PulumiFn): Promise<Stack>;
  /** Returns the recorded state of a stack, as stored on disk. */
  readState(name: string): string;
  /** Repairs what a kill left half-written, as the command line does before it opens a stack. */
  repairState(): void;
  removeHome(): void;
}

export async function createPulumiEngine(): Promise<PulumiEngine> {
  const home = mkdtempSync(join(tmpdir(), "mixcpt-pulumi-"));
  makeHome(home);
  return openPulumiEngine(home);
}

function makeHome(home: string): void {
  for (const folder of ["state", "home", "work", "cli/bin"]) mkdirSync(join(home, folder), { recursive: true });
  symlinkSync(findProgram("pulumi"), join(home, "cli/bin/pulumi"));
  writeFileSync(join(home, "passphrase"), "test");
  writeFileSync(join(home, "work/Pulumi.yaml"), "name: engine-test\nruntime: nodejs\nmain: index.js\n");
  writeFileSync(join(home, "work/index.js"), "");
}

/** The environment of an engine: its state, its home, and the plugins' folder on PATH. */
export function buildEngineVariables(home: string): Record<string, string> {
  return {
    PATH: [resolvePluginFolder(), dirname(process.execPath), env["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: join(home, "home"),
    PULUMI_BACKEND_URL: `file://${join(home, "state")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(home, "passphrase"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
  };
}

/** Opens the engine whose state is stored in this folder; another process may have created it. */
export async function openPulumiEngine(home: string): Promise<PulumiEngine> {
  const pulumiCommand = await PulumiCommand.get({ root: join(home, "cli"), skipVersionCheck: true });
  const envVars = buildEngineVariables(home);
  return {
    home,
    selectStack: (stackName, body) =>
      LocalWorkspace.createOrSelectStack(
        { stackName, projectName: "engine-test", program: body },
        { workDir: join(home, "work"), pulumiCommand, envVars },
      ),
    readState: (name) => readFileSync(join(home, "state/.pulumi/stacks/engine-test", `${name}.json`), "utf8"),
    repairState: () => removeTruncatedRecords(join(home, "state")),
    removeHome: () => rmSync(home, { recursive: true, force: true }),
  };
}
