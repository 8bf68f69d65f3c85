import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { InitFlags } from "./initStack.ts";
import { initStack } from "./initStack.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mixcpt-init-"));
  jest.spyOn(console, "log").mockImplementation();
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Runs the command with lines typed in advance, and returns what the terminal shows. */
async function runInit(stack: string | undefined, flags: InitFlags, lines?: readonly string[]): Promise<string> {
  const isTTY = lines !== undefined;
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  input.end((lines ?? []).map((line) => `${line}\n`).join(""));
  await initStack(stack, flags, {
    input: input as unknown as NodeJS.ReadStream,
    output: output as unknown as NodeJS.WriteStream,
    directory,
  });
  return String(output.read() ?? "");
}

function readExperiment(stack: string): string {
  return readFileSync(join(directory, `Pulumi.${stack}.yaml`), "utf8");
}

function countQuestions(shown: string): number {
  return [...shown.matchAll(/\[[^\]]+\]: /g)].length;
}

it("asks five questions whose empty answers are the defaults, and prints the next command", async () => {
  const shown = await runInit(undefined, {}, ["", "", "", "", ""]);
  for (const text of ["[code-share]", "[tiny]", "[mixtures seeds]", "[MI250X 2 1]", "[dev]"])
    expect(shown).toContain(text);
  expect(readExperiment("code-share")).toContain("seed: [1, 2]");
  expect(console.log).toHaveBeenCalledWith("wrote Pulumi.code-share.yaml; next: ./mixcpt plan code-share");
});

it("writes the answers", async () => {
  await runInit(undefined, {}, ["rates", "viking", "learning_rate=2e-5,4e-5", "MI300X 8 2", "lumi"]);
  const text = readExperiment("rates");
  for (const line of [
    "mixcpt:family: viking",
    "learning_rate: [2e-5, 4e-5]",
    "nodesPerCell: 2",
    "mixcpt:cluster: lumi",
  ])
    expect(text).toContain(line);
});

it("asks nothing that a flag answers", async () => {
  const shown = await runInit("rates", { family: "viking", gpu: "MI300X", nodes: 2 }, ["seeds", "lumi"]);
  expect(shown).not.toContain("model family");
  expect(readExperiment("rates")).toContain("nodesPerCell: 2");
});

it("asks again after an answer that cannot be used, and says why", async () => {
  const shown = await runInit("rates", { vary: "seeds", gpu: "MI250X", cluster: "dev" }, ["vikng", "viking"]);
  expect(shown).toContain("vikng");
  expect(countQuestions(shown)).toBeGreaterThanOrEqual(2);
  expect(readExperiment("rates")).toContain("mixcpt:family: viking");
});

it("names all missing flags where there is no terminal", async () => {
  await expect(runInit(undefined, { family: "tiny" })).rejects.toThrow(
    "init: STACK, --vary, --gpu, --cluster missing, and this is not a terminal to ask on; " +
      "give them, or take all defaults with --yes",
  );
  await runInit("mine", { yes: true });
  await runInit("other", { family: "tiny", vary: "seeds", gpu: "MI250X", cluster: "dev" });
  expect(readdirSync(directory).sort()).toEqual(["Pulumi.mine.yaml", "Pulumi.other.yaml"]);
});

it("writes nothing if the answers end early", async () => {
  await expect(runInit(undefined, {}, ["mine"])).rejects.toThrow("init: nothing was written");
  expect(readdirSync(directory)).toEqual([]);
});

it("never overwrites a file", async () => {
  writeFileSync(join(directory, "Pulumi.mine.yaml"), "kept");
  await expect(runInit("mine", { yes: true })).rejects.toThrow("Pulumi.mine.yaml: exists and is not overwritten");
  const shown = await runInit(undefined, {}, ["mine", "next", "", "", "", ""]);
  expect(shown).toContain("choose another name");
  expect(readExperiment("mine")).toBe("kept");
});
