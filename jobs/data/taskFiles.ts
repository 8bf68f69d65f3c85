import type { JobManifest } from "../kube/manifests.ts";
import { benchmarkRepositories } from "../matrix/index.ts";
import type { Artifact } from "./artifact.ts";
import type { HubPlace } from "./hub.ts";
import { downloadBenchmark } from "./hub.ts";
import { inputs } from "./inputs.ts";

export type Benchmark = keyof typeof benchmarkRepositories;

/** Where task files lie in the store: one folder has them all, or each benchmark has its own. */
export type TaskFiles = string | Readonly<Record<Benchmark, string>>;

/** All languages, those that no cell asks about among them: more cells do not make it another download. */
const hubFiles: Readonly<Record<Benchmark, readonly string[]>> = { sib200: ["data/*/*.tsv"], flores200: ["dev/*.jsonl", "devtest/*.jsonl"] };

const benchmarks = Object.keys(hubFiles) as Benchmark[];

export const folderOf = (files: TaskFiles, benchmark: Benchmark): string => (typeof files === "string" ? files : files[benchmark]);

/** Each folder once. */
export const foldersOf = (files: TaskFiles): string[] => [...new Set(benchmarks.map((benchmark) => folderOf(files, benchmark)))];

function fromHub(place: HubPlace): Partial<Record<Benchmark, Artifact>> {
  const named = benchmarks.filter((benchmark) => place.revisions[benchmarkRepositories[benchmark]] !== undefined);
  return Object.fromEntries(named.map((benchmark) => [benchmark, downloadBenchmark(benchmarkRepositories[benchmark], place, hubFiles[benchmark])]));
}

/** The benchmarks of which the configuration names a commit are read on the hub, the others where somebody put them. */
export function taskFiles(place: HubPlace): TaskFiles {
  const { sib200, flores200 } = fromHub(place);
  const own = inputs(place.cluster).benchmarks;
  return sib200 === undefined && flores200 === undefined ? own : { sib200: sib200?.path ?? own, flores200: flores200?.path ?? own };
}

/** What fetches the benchmarks that come from the hub. */
export const taskDownloads = (place: HubPlace): JobManifest[] => Object.values(fromHub(place)).map(({ job }) => job);
