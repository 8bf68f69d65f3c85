import { buildExperiment } from "../../jobs/experiment/index.ts";
import { buildFamilyConfig } from "../../jobs/experiment/studyConfigs.fixture.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildCellOutput } from "../../stacks/submission.ts";
import { buildStage } from "../watch/cellStage.ts";
import { findExportedCell, refuseOtherRun, refuseUnfinishedCell, resolveExport } from "./resolveExport.ts";

const config = buildFamilyConfig("viking");
const { cells } = buildExperiment(config, gpuCluster);
const experiment = selectFirstCell();
const submitted = buildCellOutput(experiment);
const { id } = submitted;

function selectFirstCell() {
  const [first] = cells;
  if (first === undefined) throw new Error("no cells");
  return first;
}

function resolveWithFlags(flags: Parameters<typeof resolveExport>[0]["flags"], changed = config) {
  return resolveExport({ config: changed, cluster: gpuCluster, experiment, flags });
}

it("finds a cell by its name or slug, and proposes the nearest name", () => {
  const outputs = cells.map(buildCellOutput);
  expect(findExportedCell(outputs, "v7-bi-code-stag", "viking").id).toBe("V7-Bi+Code-Stag");
  expect(() => findExportedCell(outputs, "V7-Bi+Cod-Stag", "viking")).toThrow(
    /^cell "V7-Bi\+Cod-Stag": not in stack "viking"; .*; did you mean "V7-Bi\+Code-Stag"\?$/,
  );
});

it("refuses a cell that is not finished, with its state", () => {
  const state = { ...buildStage("train", "train", { fraction: 0.45 }), id, percent: 30, eta: null };
  expect(() => refuseUnfinishedCell(state, id, "viking")).toThrow(
    `cell ${id}: is not finished (train 45 %); export it once it is done: ./mixcpt explain viking ${id}`,
  );
  expect(() => refuseUnfinishedCell({ ...state, name: "failed" }, id, "viking")).toThrow(`./mixcpt retry viking ${id}`);
  expect(() => refuseUnfinishedCell({ ...state, name: "done" }, id, "viking")).not.toThrow();
});

it("refuses a cell whose file describes another run or evaluation than was submitted", () => {
  expect(() => refuseOtherRun(experiment, submitted, "viking")).not.toThrow();
  expect(() => refuseOtherRun(experiment, { ...submitted, run: "v7-old-1" }, "viking")).toThrow(
    `cell ${id}: the file describes the run ${submitted.run}, and v7-old-1 was submitted; export at the commit`,
  );
  const names = { ...submitted.names, evaluate: "eval-old" };
  expect(() => refuseOtherRun(experiment, { ...submitted, names }, "viking")).toThrow(/and not eval-old/);
});

it("returns the folder in the store and the Job that fills it", () => {
  const { folder, manifest } = resolveWithFlags({});
  expect(folder).toMatch(/^\/store\/exports\/v7-/);
  expect(manifest.metadata.name).toMatch(/^export-v7-[a-z-]+-[0-9a-f]{8}$/);
  expect(manifest.metadata.name.length).toBeLessThanOrEqual(63);
});

it("makes a new repository private unless it is told otherwise", () => {
  const readPush = (flags: object) => JSON.stringify(resolveWithFlags({ push: "lab/model", ...flags }).manifest);
  expect(readPush({})).toContain("private: true");
  expect(readPush({ public: true })).toContain("private: false");
});

it("refuses an upload without owner, without a token's Secret, and a flag that would do nothing", () => {
  expect(() => resolveWithFlags({ push: "model" })).toThrow("--push: model is not a repository; must be OWNER/NAME");
  expect(() => resolveWithFlags({ public: true })).toThrow("--public: needs --push OWNER/NAME");
  const withoutToken = Object.fromEntries(Object.entries(config).filter(([key]) => key !== "tokenSecret"));
  expect(() => resolveWithFlags({ push: "lab/model" }, withoutToken as typeof config)).toThrow(
    '--push: the file of stack "viking" names no Secret with a token; set mixcpt:tokenSecret',
  );
});
