/** Runs the commands of docs/your-experiment.md whose output it shows, and compares file and output with the page. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const page = readFileSync("docs/your-experiment.md", "utf8");

/** Commands that are shown with their output, which begin with a dollar sign, in the order of the page. */
const examples = [...page.matchAll(/^```\n\$ \.\/mixcpt (.+)\n([^]*?)^```$/gm)].map(
  ([, command = "", output = ""]) => [command, output.trim().split("\n").map(squeezeSpaces)] as const,
);

/** The commands of the page that need a cluster. */
const clusterCommands = ["preview", "up", "watch", "report", "export"];

let checkout = "";

function squeezeSpaces(line: string): string {
  return line.trim().replaceAll(/\s+/g, " ");
}

/** Makes a checkout of links, so that the files that commands write are not in this one. */
function linkCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), "mixcpt-experiment-"));
  const names = readdirSync(".").filter((name) => !name.startsWith(".") && !["paper", "report"].includes(name));
  for (const name of names) symlinkSync(resolve(name), join(folder, name));
  return folder;
}

function runInCheckout(command: string): string[] {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  const links = ["--preserve-symlinks", "--preserve-symlinks-main"];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...links, "--disable-warning=ExperimentalWarning", "cli/index.ts", ...words],
    { cwd: checkout, encoding: "utf8" },
  );
  return `${stdout}${stderr}`.split("\n").map(squeezeSpaces);
}

/** Lists the lines that are not the beginning of a printed line after that of the line before. */
function listMissingLines(shown: readonly string[], printed: readonly string[]): string[] {
  let position = 0;
  return shown.filter((line) => {
    const found = printed.findIndex((other, index) => index >= position && other.startsWith(line));
    if (found >= 0) position = found + 1;
    return found < 0;
  });
}

beforeAll(() => {
  checkout = linkCheckout();
});

afterAll(() => {
  rmSync(checkout, { recursive: true });
});

it.each(examples)("./mixcpt %s prints what the page shows", (command, shown) => {
  expect(listMissingLines(shown, runInCheckout(command))).toEqual([]);
});

it("the page shows the file that init writes", () => {
  const [, shown = ""] = /^```yaml\n([^]*?)^```$/m.exec(page) ?? [];
  expect(readFileSync(join(checkout, "Pulumi.code-share.yaml"), "utf8")).toBe(shown);
});

it("render prints the manifests of the four cells", () => {
  const printed = runInCheckout("render code-share").join("\n");
  const cells = ["20", "40"].flatMap((share) => [1, 2].map((seed) => `tiny-mono${share}code-stag-seed${String(seed)}`));
  expect(cells.filter((cell) => !printed.includes(cell))).toEqual([]);
});

it("the page shows the output of every command that needs no cluster", () => {
  expect(examples.map(([command]) => command.split(" ")[0])).toEqual(["init", "plan", "report", "init", "plan"]);
  const others = [...page.matchAll(/^\.\/mixcpt (\w+)/gm)].map(([, verb = ""]) => verb);
  expect(others.filter((verb) => !clusterCommands.includes(verb))).toEqual([]);
});
