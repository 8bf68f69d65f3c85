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

/** Creates a folder of the user's home as Pulumi does; false if that cannot be, as in a home that is read-only. */
function createUserFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes Pulumi's home for the calls of this project, with the user's plugins, policies and selected stacks, and returns
 * its path. Pulumi creates here what the user's home cannot hold. A file is where it would create the folder of its
 * logs: it writes a verbose log of each call, which has no option and took half of the processor time of an `up`
 * without changes.
 */
export function prepareEngineHome(): string {
  const userHome = resolvePulumiHome();
  const name = createHash("sha256").update(userHome).digest("hex").slice(0, 12);
  const home = resolve(stateDirectory, "pulumi-engine", name);
  mkdirSync(home, { recursive: true });
  for (const folder of sharedFolders) {
    const shared = resolve(userHome, folder);
    if (createUserFolder(shared)) createOnce(() => symlinkSync(shared, resolve(home, folder)));
  }
  createOnce(() => writeFileSync(resolve(home, "logs"), logsNote, { flag: "wx" }));
  return home;
}
