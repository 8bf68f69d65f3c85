import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { computingCodeFile, readComputingCodeFile } from "../../infra/clusterCode.ts";
import {
  decideVersions,
  describeChangedModules,
  describeComputingCode,
  formatComputingCode,
  listChangedModules,
} from "./computingCodeFile.ts";

const recorded = readComputingCodeFile();

describe("images/computing-code.json", () => {
  const current = describeComputingCode("images", recorded);

  it("has the digests of all modules that compute", () => {
    expect(describeChangedModules(listChangedModules(recorded, current))).toEqual([]);
  });

  it("has the pins of the images: npm run computing-code writes it again", () => {
    expect(readFileSync(computingCodeFile, "utf8")).toBe(formatComputingCode(current));
  });
});

describe("a change of the images", () => {
  const folder = mkdtempSync(join(tmpdir(), "computing-code-"));
  beforeAll(() => {
    cpSync("images", folder, { recursive: true, filter: (path) => !path.includes("udhr/") });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function describeAfterChange(path: string, change: (text: string) => string) {
    const file = join(folder, path);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, change(text));
    const changed = describeComputingCode(folder, recorded);
    writeFileSync(file, text);
    return changed;
  }

  it("changes nothing if it is a log line of the supervisor", () => {
    const changed = describeAfterChange("llama-factory/mixcpt_train/main.py", (text) =>
      text.replace("starting at step 0", "starting with step 0"),
    );
    expect(changed).toEqual(recorded);
  });

  it("changes the versions of exactly the computations that use a package", () => {
    const changed = describeAfterChange("base/requirements.txt", (text) =>
      text.replace(/^transformers==.*$/m, "transformers==9.9.9"),
    );
    const users = Object.entries(changed).filter(([, { packages }]) => packages["transformers"] === "9.9.9");
    expect(users.map(([name]) => name)).toEqual(["model", "tokenise", "train", "evaluate"]);
    expect(changed.mixture).toEqual(recorded.mixture);
  });

  it("must be decided if it is in a module that computes", () => {
    const path = "evaluate/mixcpt_evaluate/tasks/prompts.py";
    const changed = describeAfterChange(path, (text) => `${text}# a remark\n`);
    const { file, undecided } = decideVersions(recorded, changed, { same: [], renewed: [] });
    expect(file).toEqual(recorded);
    expect(describeChangedModules(undecided)).toEqual([
      expect.stringMatching(/^evaluate: .*tasks\/prompts\.py; run npm run computing-code -- --same evaluate if/),
    ]);
  });

  it("keeps the version if it was decided that results are the same, and increases it otherwise", () => {
    const changed = describeAfterChange("evaluate/mixcpt_evaluate/tasks/prompts.py", (text) => `${text}# a remark\n`);
    const same = decideVersions(recorded, changed, { same: ["evaluate"], renewed: [] });
    expect(same).toEqual({ file: changed, undecided: new Map() });
    const renewed = decideVersions(recorded, changed, { same: [], renewed: ["evaluate"] });
    expect(renewed.file.evaluate.version).toBe(recorded.evaluate.version + 1);
    expect(renewed.file.train).toEqual(recorded.train);
  });
});
