import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { resolvePulumiHome, stateDirectory } from "../../workspace/environment.ts";

/** Folders of Pulumi's home that calls of this project share with the user's own. */
const sharedFolders = ["plugins", "policies", "workspaces"];

const logsNote = `Pulumi keeps no logs of the calls of ./mixcpt because this file is where their folder would be.
./mixcpt pulumi keeps them.
`;

function createOnce(create: () => void): void {
  try {
    create();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/**
 * Makes Pulumi's home for the calls of this project, with the user's plugins, policies and selected stacks, and returns
 * its path. A file is where Pulumi would create the folder of its logs: it writes a verbose log of each call, which has
 * no option and took half of the processor time of an `up` without changes.
 */
export function prepareEngineHome(): string {
  const userHome = resolvePulumiHome();
  const name = createHash("sha256").update(userHome).digest("hex").slice(0, 12);
  const home = resolve(stateDirectory, "pulumi-engine", name);
  mkdirSync(home, { recursive: true });
  for (const folder of sharedFolders) {
    mkdirSync(resolve(userHome, folder), { recursive: true });
    createOnce(() => symlinkSync(resolve(userHome, folder), resolve(home, folder)));
  }
  createOnce(() => writeFileSync(resolve(home, "logs"), logsNote, { flag: "wx" }));
  return home;
}
