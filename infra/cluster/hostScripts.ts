import { readFileSync } from "node:fs";
import { resolve } from "node:path";

type ScriptInput = Readonly<Record<string, string>>;

/** The files that nodes get beside the programs, by who gets them: services, timers, the programs of this project. */
export const nodeFiles = resolve(import.meta.dirname, "files");

/** Matches the line by which a script includes another one of its folder. */
const includePattern = /^source "\$\(dirname "\$\{BASH_SOURCE\[0\]\}"\)\/([a-z-]+\.sh)"$/gm;

/** The text of a file in `scripts/` with the files that it includes, so that it can run on another machine. */
export function readScript(name: string): string {
  const text = readFileSync(resolve(import.meta.dirname, "scripts", name), "utf8");
  return text.replaceAll(includePattern, (_, included: string) => readScript(included));
}

export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A script of `scripts/` that contains its variables, because by default sshd accepts none. */
export function renderScript(name: string, input: ScriptInput): string {
  const variables = Object.entries(input).map(([key, value]) => `export ${key}=${quoteForShell(value)}\n`);
  return variables.join("") + readScript(name);
}
