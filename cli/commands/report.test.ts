import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReportJson } from "../../reporting/reportJson.ts";
import { reportCommand } from "./report.ts";

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

function run(...words: string[]) {
  return reportCommand().parseAsync(words, { from: "user" });
}

describe("report --published", () => {
  it("writes the page and the data without any cluster, and says where they are", async () => {
    await run("--published", "--out", folder);
    expect((await readdir(folder)).sort()).toEqual(["index.html", "report.json"]);
    expect(printed).toEqual([`report: 36 of 36 cells, 1428 numbers: ${join(folder, "index.html")}`]);
  }, 30_000);

  it("prints nothing but the data with --json, the same that it writes", async () => {
    await run("--published", "--json", "--out", folder);
    expect(printed.join("")).toBe(await readFile(join(folder, "report.json"), "utf8"));
    const { cells, categories } = JSON.parse(printed.join("")) as ReportJson;
    expect([cells.length, categories.length]).toEqual([1428, 36]);
  }, 30_000);
});

describe("report", () => {
  it("of nothing says what can be named", async () => {
    await expect(run()).rejects.toThrow("report of what? Name stacks (./mixcpt report dev), or give --published");
  });

  it("of a stack of corpora is refused before anything is asked, whichever stacks are beside it", async () => {
    await expect(run("viking", "corpora")).rejects.toThrow(
      /^stack "corpora" makes corpora and has no scores: report the stacks whose cells read them, such as \.\/mixcpt report viking$/,
    );
  });

  it("of a stack and the paper at once is refused, since a stack's report has the paper's numbers anyway", async () => {
    await expect(run("dev", "--published")).rejects.toThrow("takes no stack, but got dev");
  });
});
