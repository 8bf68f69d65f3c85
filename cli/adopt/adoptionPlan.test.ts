import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { upgradeTransformers } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { listEarlierFolders, listWriters, planAdoption, readLinkTargets, refuseOtherFolder } from "./adoptionPlan.ts";
import type { AdoptionPlan } from "./adoptionPlan.ts";
import { linkFolders } from "./linkFolders.ts";
import { renderAdoptionPlan, renderEarlierFolders } from "./renderAdoptionPlan.ts";
import { buildManifests, forgetCode, matchManifests } from "./renamedFolders.fixture.ts";

const recorded = buildManifests();
const declared = buildManifests({ cluster: { code: upgradeTransformers("model", "train", "evaluate") } });
const matches = matchManifests(recorded, declared);

let store: string;

function writeFiles(path: string, files: readonly string[]): void {
  for (const file of files) {
    const name = join(store, path, file);
    mkdirSync(dirname(name), { recursive: true });
    writeFileSync(name, "{}");
  }
}

beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), "mixcpt-store-"));
  for (const {
    recorded: folder,
    declared: { files },
  } of matches)
    writeFiles(folder.path, files);
});
afterEach(() => rmSync(store, { recursive: true }));

function findMatch(pattern: RegExp) {
  const match = matches.find(({ declared: { path } }) => pattern.test(path));
  if (match === undefined) throw new RangeError(`no match of ${String(pattern)}`);
  return match;
}

function countOutcomes(plan: AdoptionPlan): Record<string, number> {
  return Object.fromEntries(Object.entries(plan).map(([outcome, of]) => [outcome, (of as unknown[]).length]));
}

function adopt(): AdoptionPlan {
  const plan = planAdoption(store, matches);
  linkFolders(store, plan.linked);
  return plan;
}

const none = { linked: 0, unfinished: 0, running: 0, existing: 0, blocked: 0, refused: 0 };

describe("adopting finished folders", () => {
  it("links each under its new name, relative to the store, and then finds them finished", () => {
    expect(countOutcomes(adopt())).toEqual({ ...none, linked: 6 });
    const run = findMatch(/^runs/);
    expect(readlinkSync(join(store, run.declared.path))).toBe(run.recorded.path.slice("runs/".length));
    expect(existsSync(join(store, run.declared.path, "COMPLETE"))).toBe(true);
    const scores = findMatch(/^scores\/tiny-bi.*sib200/);
    expect(readlinkSync(join(store, scores.declared.path))).toBe(`../${scores.recorded.path.slice("scores/".length)}`);
    expect(countOutcomes(adopt())).toEqual({ ...none, existing: 6 });
  });

  it("reads the links of earlier adoptions with the folders that they lead to in the end", () => {
    adopt();
    const { recorded: former, declared: present } = findMatch(/^models/);
    symlinkSync(present.path.slice("models/".length), join(store, "models/tiny-latest"));
    symlinkSync("circle", join(store, "models/circle"));
    const targets = readLinkTargets(store);
    expect(targets.get(present.path)).toBe(former.path);
    expect(targets.get("models/tiny-latest")).toBe(former.path);
    expect(targets.get("models/circle")).toBe("models/circle");
  });

  it("lists what an active run writes as running, which keeps nothing else back", () => {
    const run = findMatch(/^runs/);
    rmSync(join(store, run.recorded.path, "COMPLETE"));
    const plan = planAdoption(store, matches, new Set([run.recorded.object]));
    expect(countOutcomes(plan)).toEqual({ ...none, linked: 5, running: 1 });
    expect(listWriters(plan)).not.toContain(run.recorded.object);
    expect(renderAdoptionPlan("mini", plan)).toMatch(
      /still running; adopt again once they have ended, before up:\n {2}runs\S+ -> runs\S+: TrainJob\/tiny-bi-stag/,
    );
  });

  it("leaves out what is unfinished: a run without a checkpoint that is evaluated, scores without one language", () => {
    const run = findMatch(/^runs/);
    rmSync(join(store, run.recorded.path, run.declared.files[1] ?? ""));
    rmSync(join(store, findMatch(/^scores\/tiny-base.*flores200/).recorded.path, "yor_Latn.xx-eng.json"));
    const plan = adopt();
    expect(plan.unfinished.map(({ file }) => file.replaceAll(/[0-9a-f]{8}/g, "*"))).toEqual([
      expect.stringMatching(/^runs\/tiny-bi-stag-\*\/checkpoint-\d+\/COMPLETE$/),
      "scores/tiny-base/flores200-*/yor_Latn.xx-eng.json",
    ]);
    expect(existsSync(join(store, run.declared.path))).toBe(false);
  });

  it("touches no folder of the new name, finished or not", () => {
    const [run, model] = [findMatch(/^runs/), findMatch(/^models/)];
    writeFiles(run.declared.path, ["trainer_log.jsonl"]);
    writeFiles(model.declared.path, ["COMPLETE"]);
    const plan = adopt();
    expect(countOutcomes(plan)).toEqual({ ...none, linked: 4, existing: 1, blocked: 1 });
    expect(plan.blocked[0]?.file).toBe(`${run.declared.path}/COMPLETE`);
    for (const {
      declared: { path },
    } of [run, model])
      expect(lstatSync(join(store, path)).isDirectory()).toBe(true);
  });

  it("names the link that cannot be made", () => {
    const run = findMatch(/^runs/);
    writeFiles(run.declared.path, ["COMPLETE"]);
    expect(() => linkFolders(store, [run])).toThrow(/runs\/tiny-bi-stag-\S+ cannot be made: .*EEXIST.*check that/);
  });

  it("knows the objects that write what it links", () => {
    expect(listWriters(planAdoption(store, matches))).toContain(findMatch(/^runs/).recorded.object);
    adopt();
    expect(listWriters(planAdoption(store, matches)).size).toBe(0);
  });
});

describe("folders of the store that the state has forgotten", () => {
  const folders = matches.map((match) => match.declared);

  it("are those with another hash, unless a link leads to them", () => {
    const run = findMatch(/^runs/);
    expect(listEarlierFolders(store, folders)).toEqual([run.recorded.path]);
    adopt();
    expect(listEarlierFolders(store, folders)).toEqual([]);
  });

  it("are named with what adopts them", () => {
    expect(renderEarlierFolders([])).toEqual([]);
    expect(renderEarlierFolders(["runs/a-00000000"]).join("\n")).toMatch(
      /named like those of this stack: runs\/a-00000000\n.*adopt must run before up[^]*submit the earlier commit again/,
    );
  });
});

describe("the folder of the store", () => {
  it("must exist and hold what steps write", () => {
    expect(() => refuseOtherFolder(store)).not.toThrow();
    expect(() => refuseOtherFolder(join(store, "gone"))).toThrow(
      /--store: \S+gone is not a folder; name the folder that/,
    );
    expect(() => refuseOtherFolder(join(store, "runs"))).toThrow(/runs has no folder models, benchmarks, corpora/);
  });
});

describe("the text of a plan", () => {
  function renderPlan(plan: AdoptionPlan): string {
    return renderAdoptionPlan("mini", plan).replaceAll(/[0-9a-f]{8}/g, "*");
  }

  it("names each folder with the change of the code, or with what keeps it back", () => {
    const slower = buildManifests({
      settings: { "mixcpt:overrides": { "Tiny-Bi-Stag": { learning_rate: 0.5 } } },
      cluster: { code: upgradeTransformers("model", "train", "evaluate") },
    });
    rmSync(join(store, findMatch(/^scores\/tiny-base.*sib200/).recorded.path, "eng_Latn.json"));
    writeFiles(findMatch(/^scores\/tiny-base.*flores200/).declared.path, ["yor_Latn.xx-eng.json"]);
    const [scores, checkpoint] = ["scores/tiny-bi-stag-*", "/store/runs/tiny-bi-stag-*/checkpoint-60"];
    expect(renderPlan(planAdoption(store, matchManifests(recorded, slower))).split("\n")).toEqual([
      "adopt mini: 6 folders of the store have another name at this commit",
      "finished, to be linked under the new name:",
      "  models/tiny-* -> models/tiny-*: transformers 5.6.0 → 5.6.1",
      "not finished, so that up computes it:",
      "  scores/tiny-base/sib200-* -> scores/tiny-base/sib200-*: scores/tiny-base/sib200-*/eng_Latn.json is missing",
      "left alone, because the new name has an unfinished folder:",
      "  scores/tiny-base/flores200-* -> scores/tiny-base/flores200-*: " +
        "scores/tiny-base/flores200-*/tha_Thai.xx-eng.json is missing; remove the new folder and adopt again",
      "refused, because more than the code has changed:",
      "  runs/tiny-bi-stag-* -> runs/tiny-bi-stag-*: recipe.learning_rate 0.001 → 0.5",
      `  ${scores}/sib200-* -> ${scores}/sib200-*: checkpoint ${checkpoint} → ${checkpoint}`,
      `  ${scores}/flores200-* -> ${scores}/flores200-*: checkpoint ${checkpoint} → ${checkpoint}`,
      "  a path that differs leads to a folder that is refused, or that another stack writes: adopt that stack first",
      "A link states that this change of the code leaves the results as they are. Scores do not show it later.",
    ]);
  });

  it("says how to adopt runs that do not record their device", () => {
    const former = matchManifests(forgetCode(recorded), recorded);
    expect(renderPlan(planAdoption(store, former))).toMatch(/device unknown → CPU[^]*--same-device/);
  });

  it("says in one line that there is nothing to adopt, or that all is adopted", () => {
    expect(renderPlan(planAdoption(store, []))).toBe(
      "adopt mini: no folder of the store has another name at this commit",
    );
    adopt();
    expect(renderPlan(planAdoption(store, matches))).toBe(
      "adopt mini: 6 folders of the store have another name at this commit\n" +
        "6 of them finished under the new name already",
    );
  });
});
