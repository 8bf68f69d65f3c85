import { emulatedCluster, gpuCluster, upgradeTransformers } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { FolderMatch } from "./matchFolders.ts";
import { buildManifests, forgetCode, matchManifests } from "./renamedFolders.fixture.ts";

/** `runs/tiny-bi-stag-…` without the hashes, and what has changed: causes, or obstacles after an exclamation mark. */
function summarizeMatches(matches: readonly FolderMatch[]): Record<string, string> {
  return Object.fromEntries(
    matches.map(({ declared: { path }, causes, obstacles }) => [
      path.replaceAll(/[0-9a-f]{8}/g, "*"),
      obstacles.length > 0
        ? `! ${obstacles.map(({ input }) => input).join(", ")}`
        : causes.map(({ input, old, new: value }) => `${input} ${old} → ${value}`).join(", "),
    ]),
  );
}

const upgrade = "transformers 5.6.0 → 5.6.1";
const newer = { cluster: { code: upgradeTransformers("model", "train", "evaluate") } };

describe("folders that have another name because of the code", () => {
  it("are those of the changed code and all that is made from them, in this order", () => {
    const matches = matchManifests(buildManifests(), buildManifests(newer));
    expect(Object.entries(summarizeMatches(matches))).toEqual([
      ["models/tiny-*", upgrade],
      ["runs/tiny-bi-stag-*", upgrade],
      ["scores/tiny-base/sib200-*", upgrade],
      ["scores/tiny-base/flores200-*", upgrade],
      ["scores/tiny-bi-stag-*/sib200-*", upgrade],
      ["scores/tiny-bi-stag-*/flores200-*", upgrade],
    ]);
    for (const { recorded, declared } of matches) expect(recorded.path).not.toBe(declared.path);
  });

  it("have no change of their own if only what they are made from was computed by other code", () => {
    const declared = buildManifests({ cluster: { code: upgradeTransformers("model") } });
    expect(summarizeMatches(matchManifests(buildManifests(), declared))).toMatchObject({
      "models/tiny-*": upgrade,
      "runs/tiny-bi-stag-*": "",
      "scores/tiny-bi-stag-*/sib200-*": "",
    });
  });

  it("are all those of before names covered the code", () => {
    const former = forgetCode(buildManifests());
    const unnamed = "name of the image → of the code";
    const nameless = `${unnamed}, names of languages in the image → in the spec`;
    expect(summarizeMatches(matchManifests(former, buildManifests(), { isSameDevice: true }))).toEqual({
      "models/tiny-*": unnamed,
      "benchmarks/*": unnamed,
      "corpora/bi-stag-*": nameless,
      "runs/tiny-bi-stag-*": unnamed,
      "scores/tiny-base/sib200-*": unnamed,
      "scores/tiny-base/flores200-*": nameless,
      "scores/tiny-bi-stag-*/sib200-*": unnamed,
      "scores/tiny-bi-stag-*/flores200-*": nameless,
    });
  });

  it("have an unknown device if they are from before names covered the code, unless the user names it", () => {
    const former = forgetCode(buildManifests());
    const matches = matchManifests(former, buildManifests());
    expect(summarizeMatches(matches)).toMatchObject({
      "models/tiny-*": "name of the image → of the code",
      "runs/tiny-bi-stag-*": "! device",
      "scores/tiny-base/sib200-*": "! device",
    });
    expect(matches.flatMap(({ obstacles }) => obstacles)).toContainEqual({
      input: "device",
      old: "unknown",
      new: "CPU",
    });
  });

  it("are found beside those of an up that was interrupted", () => {
    const [former, present] = [buildManifests(), buildManifests(newer)];
    expect(matchManifests([...former, ...present], present)).toEqual(matchManifests(former, present));
  });

  it("are none if nothing has changed, or if the stack has submitted nothing of the kind", () => {
    expect(matchManifests(buildManifests(), buildManifests())).toEqual([]);
    const otherCell = { settings: { "mixcpt:axes": { data: ["Mono"], categories: ["Alt"] } } };
    const matches = matchManifests(buildManifests(otherCell), buildManifests(newer));
    expect(Object.keys(summarizeMatches(matches))).not.toContain("runs/tiny-bi-stag-*");
  });

  it("are matched checkpoint by checkpoint", () => {
    const settings = { "mixcpt:checkpoints": { evaluate: [12, 24] } };
    const matches = matchManifests(buildManifests({ settings }), buildManifests({ ...newer, settings }));
    const scores = matches.filter(({ declared }) => /^scores\/tiny-bi.*sib200/.test(declared.path));
    expect(
      scores.map(({ recorded, declared }) => [recorded, declared].map(({ spec }) => spec.get("checkpoint"))),
    ).toEqual(
      ["12", "24"].map((step) =>
        Array.from({ length: 2 }, () => expect.stringMatching(new RegExp(`/checkpoint-${step}$`)) as unknown),
      ),
    );
    expect(scores.flatMap(({ obstacles }) => obstacles)).toEqual([]);
  });
});

describe("folders whose results differ", () => {
  function summarizeRun(recorded: Parameters<typeof buildManifests>[0], declared: typeof recorded): string | undefined {
    const matches = matchManifests(buildManifests(recorded), buildManifests({ ...newer, ...declared }));
    return summarizeMatches(matches)["runs/tiny-bi-stag-*"];
  }

  it("are refused with the setting, and so is what is made from them", () => {
    const settings = { "mixcpt:overrides": { "Tiny-Bi-Stag": { learning_rate: 0.5 } } };
    expect(summarizeMatches(matchManifests(buildManifests(), buildManifests({ ...newer, settings })))).toMatchObject({
      "models/tiny-*": upgrade,
      "runs/tiny-bi-stag-*": "! recipe.learning_rate",
      "scores/tiny-base/sib200-*": upgrade,
      "scores/tiny-bi-stag-*/sib200-*": "! checkpoint",
    });
  });

  it("are refused if another model of GPU computed them", () => {
    const settings = (gpu: string) => ({ "mixcpt:hardware": { gpu, devicesPerNode: 8 } });
    const cluster = { ...gpuCluster, hardware: { ...gpuCluster.hardware, gpu: "MI300X" as const } };
    expect(
      summarizeRun({ settings: settings("MI250X"), cluster: gpuCluster }, { settings: settings("MI300X"), cluster }),
    ).toBe("! device");
  });

  it("are refused if another number of processes trained", () => {
    const settings = { "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2, nodesPerCell: 2 } };
    expect(summarizeRun({}, { settings })).toBe("! numNodes");
  });

  it("are refused if a training that stopped would go on", () => {
    const settings = (stop: string) => ({ "mixcpt:checkpoints": { evaluate: [12], stop } });
    expect(summarizeRun({ settings: settings("evaluated") }, { settings: settings("end") })).toBe("! checkpoints.stop");
    expect(summarizeRun({ settings: settings("end") }, { settings: settings("evaluated") })).toBe(upgrade);
  });

  it("are refused if the languages of a benchmark have other names", () => {
    const renamed = buildManifests(newer).map((manifest) => ({
      ...manifest,
      spec: JSON.parse(JSON.stringify(manifest["spec"]).replaceAll("yor_Latn: Yoruba", "yor_Latn: Yorùbá")) as unknown,
    }));
    const matches = summarizeMatches(matchManifests(buildManifests(), renamed));
    expect(matches["scores/tiny-base/flores200-*"]).toBe("! languageNames.yor_Latn");
  });
});

describe("folders that another stack writes", () => {
  const study = {
    "mixcpt:family": "viking",
    "mixcpt:protocol": "uniform",
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
  };
  const mixture = { version: 2, packages: {} };
  const code = { ...emulatedCluster.code, mixture };
  const recorded = buildManifests({ settings: study, cluster: gpuCluster });
  const declared = buildManifests({ settings: study, cluster: { ...gpuCluster, code } });

  function findCorpus(manifests: typeof recorded): string {
    return /corpora\/bi-stag-[0-9a-f]{8}/.exec(JSON.stringify(manifests))?.[0] ?? "";
  }

  const former = findCorpus(recorded);
  const present = findCorpus(declared);
  const adopted = { "tokenised/bi-stag-viking-*": "", "runs/v7-bi-stag-*": "", "scores/v7-bi-stag-*/sib200-*": "" };

  it("count as the same only once they are linked", () => {
    const targets = new Map([[present, former]]);
    expect(summarizeMatches(matchManifests(recorded, declared))["tokenised/bi-stag-viking-*"]).toBe("! corpus");
    expect(summarizeMatches(matchManifests(recorded, declared, { targets }))).toMatchObject(adopted);
  });

  it("count as the same if both names lead to one folder, or the earlier name to several", () => {
    const targets = new Map([
      [former, "corpora/bi-stag-00000000"],
      ["corpora/bi-stag-11111111", "corpora/bi-stag-00000000"],
      [present, "corpora/bi-stag-00000000"],
    ]);
    expect(summarizeMatches(matchManifests(recorded, declared, { targets }))).toMatchObject(adopted);
  });
});
