import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReportJson } from "../../reporting/reportJson.ts";
import { buildReportCommand } from "./reportCommand.ts";

let folder: string;
let printed: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mixcpt-report-"));
  printed = [];
  const record = (text: unknown): boolean => printed.push(String(text)) > 0;
  jest.spyOn(process.stdout, "write").mockImplementation(record);
  jest.spyOn(console, "log").mockImplementation(record);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

function runReportCommand(...words: string[]) {
  return buildReportCommand().parseAsync(words, { from: "user" });
}

describe("report --published", () => {
  it("writes the page and the data without any cluster, and prints the path", async () => {
    await runReportCommand("--published", "--out", folder);
    expect((await readdir(folder)).sort()).toEqual(["index.html", "report.json"]);
    expect(printed).toEqual([`report: 36 of 36 cells, 1428 scores of cells: ${join(folder, "index.html")}`]);
  }, 120_000);

  it("prints only the data with --json, the same as it writes", async () => {
    await runReportCommand("--published", "--json", "--out", folder);
    expect(printed.join("")).toBe(await readFile(join(folder, "report.json"), "utf8"));
    const { cells, categories } = JSON.parse(printed.join("")) as ReportJson;
    expect([cells.length, categories.length]).toEqual([1428, 36]);
  }, 120_000);

  it("writes the files of each requested kind beside the page, and prints where they are", async () => {
    await runReportCommand("--published", "--csv", "--latex", "--figures", "--out", folder);
    expect((await readdir(folder)).sort()).toEqual(["figures", "index.html", "report.json", "scores.csv", "tables"]);
    expect(printed.slice(1)).toEqual([
      `  csv: 1 file: ${join(folder, "scores.csv")}`,
      expect.stringMatching(/^ {2}latex: \d+ files: .*tables$/),
      expect.stringMatching(/^ {2}figures: 18 files: .*figures$/),
    ]);
  }, 120_000);
});

describe("report", () => {
  it("refuses to run without a stack and names the possibilities", async () => {
    await expect(runReportCommand()).rejects.toThrow(
      "report: no stack was named; name stacks (./mixcpt report dev), or use --published",
    );
  });

  it("refuses a stack of corpora before it contacts a cluster, even among other stacks", async () => {
    await expect(runReportCommand("viking", "corpora")).rejects.toThrow(
      /^stack "corpora": builds corpora and has no scores; report the stacks whose cells read them, such as \.\/mixcpt report viking$/,
    );
  });

  it("refuses --published together with a stack, whose report shows the paper's numbers anyway", async () => {
    await expect(runReportCommand("dev", "--published")).rejects.toThrow(
      "--published: cannot be combined with the stacks dev;",
    );
  });
});
