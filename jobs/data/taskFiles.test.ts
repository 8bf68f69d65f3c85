import { emulatedCluster } from "../kube/clusterOutputs.fixture.ts";
import type { HubContext } from "./hubDownloads.ts";
import { getTaskFolder, listTaskFolders, listBenchmarkDownloadJobs, locateTaskFiles } from "./taskFiles.ts";

const [sib200, flores200] = ["Davlan/sib200", "openlanguagedata/flores_plus"];
const commit = "a".repeat(40);

function buildContextWithCommits(...named: string[]): HubContext {
  return {
    cluster: emulatedCluster,
    stack: "viking",
    revisions: Object.fromEntries(named.map((name) => [name, commit])),
    tokenSecret: "hub",
  };
}

function readDownloadSpec(index: number): string | undefined {
  return listBenchmarkDownloadJobs(buildContextWithCommits(sib200, flores200))[
    index
  ]?.spec.template.spec?.containers[0]?.env?.find(({ name }) => name === "MIXCPT_SPEC")?.value;
}

describe("the task files", () => {
  it("are the copies in the store if no commit of a benchmark is named", () => {
    expect(locateTaskFiles(buildContextWithCommits())).toEqual({ own: "/store/inputs/benchmarks", made: {} });
    expect(listBenchmarkDownloadJobs(buildContextWithCommits())).toEqual([]);
  });

  it("come from the hub for each benchmark with a commit", () => {
    const files = locateTaskFiles(buildContextWithCommits(sib200));
    expect(getTaskFolder(files, "sib200")).toMatch(/^\/store\/benchmarks\/sib200-[0-9a-f]{8}$/);
    expect(getTaskFolder(files, "flores200")).toBe("/store/inputs/benchmarks");
    expect(listBenchmarkDownloadJobs(buildContextWithCommits(sib200)).map(({ metadata }) => metadata.name)).toEqual([
      expect.stringMatching(/^benchmark-sib200-[0-9a-f]{8}$/),
    ]);
    expect(listTaskFolders(locateTaskFiles(buildContextWithCommits(sib200, flores200)))).toEqual([
      expect.stringContaining("/sib200-"),
      expect.stringContaining("/flores-plus-"),
    ]);
  });

  it("are downloaded in all languages, so that more cells need no other download", () => {
    expect(readDownloadSpec(0)).toMatch(
      /repository: Davlan\/sib200\nrevision: a{40}\nkind: dataset\nfiles:\n {2}- data\/\*\/\*\.tsv\n/,
    );
    expect(readDownloadSpec(1)).toMatch(/files:\n {2}- dev\/\*\.jsonl\n {2}- devtest\/\*\.jsonl\n/);
  });

  it("of added benchmarks are downloaded at their commit, once for two that read the same files", () => {
    const belebele = { repository: "facebook/belebele", revision: commit, files: ["README.md", "data/*.jsonl"] };
    const context = { ...buildContextWithCommits(sib200), datasets: { belebele, zeroshot: belebele } };
    const files = locateTaskFiles(context);
    expect(getTaskFolder(files, "belebele")).toMatch(/^\/store\/benchmarks\/belebele-[0-9a-f]{8}$/);
    expect(getTaskFolder(files, "zeroshot")).toBe(getTaskFolder(files, "belebele"));
    expect(listBenchmarkDownloadJobs(context)).toHaveLength(2);
  });

  it("have one folder per commit, which all stacks share", () => {
    const folders = locateTaskFiles(buildContextWithCommits(sib200));
    expect(locateTaskFiles({ ...buildContextWithCommits(), revisions: { [sib200]: "b".repeat(40) } })).not.toEqual(
      folders,
    );
    expect(locateTaskFiles({ ...buildContextWithCommits(sib200), stack: "llama-2" })).toEqual(folders);
  });
});
