// Measures names, doc comments and line lengths; exits with code 1 if an aim is missed.
// Usage: npm run names [-- [--list] [FOLDER…]]
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { allowedRepeats } from "./allowed.ts";
import { isAimReached, measureStyle } from "./measure.ts";
import type { Figure, FileNames } from "./measure.ts";
import { readPython } from "./python.ts";
import { readTypeScript } from "./typescript.ts";

function isTest(path: string): boolean {
  return /\.(test|fixture)\.ts$|^tests\/|\/tests\//.test(path);
}

function listSources(pattern: string, wantedFolders: readonly string[]): string[] {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", pattern], {
    encoding: "utf8",
  }).split("\n");
  const isWanted = (path: string): boolean =>
    wantedFolders.length === 0 || wantedFolders.some((folder) => path.startsWith(folder));
  return files.filter((path) => path !== "" && !isTest(path) && isWanted(path));
}

function readFiles(
  pattern: string,
  wantedFolders: readonly string[],
  parse: (path: string, text: string) => FileNames,
): FileNames[] {
  return listSources(pattern, wantedFolders).flatMap((path) => {
    try {
      return [parse(path, readFileSync(path, "utf8"))];
    } catch {
      return []; // git still lists a file that has just been moved
    }
  });
}

function printFigure(figure: Figure, showOffenders: boolean): void {
  const aim =
    "atLeast" in figure.aim ? `at least ${String(figure.aim.atLeast)}` : `at most ${String(figure.aim.atMost)}`;
  const value = `${figure.value.toFixed(figure.unit === "%" ? 1 : 0)}${figure.unit}`;
  console.log(
    `  ${isAimReached(figure) ? "✓" : "✗"} ${figure.name.padEnd(46)} ${value.padStart(7)}   aim: ${aim}${figure.unit}`,
  );
  if (showOffenders) for (const offender of figure.offenders) console.log(`      ${offender}`);
}

const commandArguments = process.argv.slice(2);
const selectedFolders = commandArguments.filter((argument) => !argument.startsWith("--"));
const isListRequested = commandArguments.includes("--list");
const allowedNames = new Set(Object.keys(allowedRepeats));
const languages = { TypeScript: ["*.ts", readTypeScript, 120], Python: ["*.py", readPython, 120] } as const;
let missedAims = 0;
for (const [language, [pattern, parse, columns]] of Object.entries(languages)) {
  const files = readFiles(pattern, selectedFolders, parse);
  if (files.length === 0) continue;
  console.log(`${language}, ${String(files.length)} files`);
  for (const figure of measureStyle(files, allowedNames, columns)) {
    printFigure(figure, isListRequested);
    missedAims += Number(!isAimReached(figure));
  }
}
process.exitCode = missedAims === 0 ? 0 : 1;
