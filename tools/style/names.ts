// Measures how things are named and described, and fails above the aims: npm run names [-- --list] [-- FOLDER…]
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { allowedRepeats } from "./allowed.ts";
import { measure, reachesAim } from "./measure.ts";
import type { Figure, FileNames } from "./measure.ts";
import { readPython } from "./python.ts";
import { readTypeScript } from "./typescript.ts";

function isTest(path: string): boolean {
  return /\.(test|fixture)\.ts$|^tests\/|\/tests\//.test(path);
}

function listSources(pattern: string, folders: readonly string[]): string[] {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", pattern], {
    encoding: "utf8",
  }).split("\n");
  const isWanted = (path: string): boolean => folders.length === 0 || folders.some((folder) => path.startsWith(folder));
  return files.filter((path) => path !== "" && !isTest(path) && isWanted(path));
}

function readFiles(
  pattern: string,
  folders: readonly string[],
  read: (path: string, text: string) => FileNames,
): FileNames[] {
  return listSources(pattern, folders).flatMap((path) => {
    try {
      return [read(path, readFileSync(path, "utf8"))];
    } catch {
      return []; // git still lists a file that was just moved
    }
  });
}

function printFigure(figure: Figure, list: boolean): void {
  const aim =
    "atLeast" in figure.aim ? `at least ${String(figure.aim.atLeast)}` : `at most ${String(figure.aim.atMost)}`;
  const value = `${figure.value.toFixed(figure.unit === "%" ? 1 : 0)}${figure.unit}`;
  console.log(
    `  ${reachesAim(figure) ? "✓" : "✗"} ${figure.name.padEnd(46)} ${value.padStart(7)}   aim: ${aim}${figure.unit}`,
  );
  if (list) for (const offender of figure.offenders) console.log(`      ${offender}`);
}

const words = process.argv.slice(2);
const folders = words.filter((word) => !word.startsWith("--"));
const list = words.includes("--list");
const languages = { TypeScript: ["*.ts", readTypeScript, 120], Python: ["*.py", readPython, 120] } as const;
let missed = 0;
for (const [language, [pattern, read, columns]] of Object.entries(languages)) {
  const files = readFiles(pattern, folders, read);
  if (files.length === 0) continue;
  console.log(`${language}, ${String(files.length)} files`);
  for (const figure of measure(files, new Set(Object.keys(allowedRepeats)), columns)) {
    printFigure(figure, list);
    missed += Number(!reachesAim(figure));
  }
}
process.exitCode = missed === 0 ? 0 : 1;
