import type { JobManifest } from "../kube/manifests.ts";
import { benchmarkRepositories } from "../matrix/index.ts";
import type { Artifact } from "./artifact.ts";
import type { HubPlace } from "./hub.ts";
import { downloadBenchmark } from "./hub.ts";
import { inputs } from "./inputs.ts";

export type Benchmark = keyof typeof benchmarkRepositories;

/** Folders of task files in the store: where somebody puts them, and those of the benchmarks that a step makes or fetches. */
export interface TaskFiles {
  own: string;
  made: Readonly<Partial<Record<string, string>>>;
}

/** All languages, those that no cell asks about among them: more cells do not make it another download. */
const hubFiles: Readonly<Record<Benchmark, readonly string[]>> = { sib200: ["data/*/*.tsv"], flores200: ["dev/*.jsonl", "devtest/*.jsonl"] };

const benchmarks = Object.keys(hubFiles) as Benchmark[];

/** Of any benchmark, those among them that a stack adds. */
export const folderOf = ({ own, made }: TaskFiles, benchmark: string): string => made[benchmark] ?? own;

/** Each folder of the study's benchmarks once. */
export const foldersOf = (files: TaskFiles): string[] => [...new Set(benchmarks.map((benchmark) => folderOf(files, benchmark)))];

function downloads(place: HubPlace): Partial<Record<Benchmark, Artifact>> {
  const named = benchmarks.filter((benchmark) => place.revisions[benchmarkRepositories[benchmark]] !== undefined);
  return Object.fromEntries(named.map((benchmark) => [benchmark, downloadBenchmark(benchmarkRepositories[benchmark], place, hubFiles[benchmark])]));
}

/** The benchmarks of which the configuration names a commit are read on the hub, the others where somebody put them. */
export function taskFiles(place: HubPlace): TaskFiles {
  const made = Object.fromEntries(Object.entries(downloads(place)).map(([benchmark, { path }]) => [benchmark, path]));
  return { own: inputs(place.cluster).benchmarks, made };
}

/** What fetches the benchmarks that come from the hub. */
export const taskDownloads = (place: HubPlace): JobManifest[] => Object.values(downloads(place)).map(({ job }) => job);
