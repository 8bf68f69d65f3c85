import type { JobManifest } from "../kube/manifestTypes.ts";
import { benchmarkRepositories } from "../matrix/index.ts";
import type { Artifact } from "./artifact.ts";
import type { HubContext } from "./hubDownloads.ts";
import { buildBenchmarkDownload } from "./hubDownloads.ts";
import { locateExternalInputs } from "./externalInputs.ts";

export type StudyBenchmark = keyof typeof benchmarkRepositories;

/** Folders of task files in the store: where somebody puts them, and those of the benchmarks that a step makes or fetches. */
export interface TaskFiles {
  readonly own: string;
  readonly made: Readonly<Partial<Record<string, string>>>;
}

/** All languages, those that no cell asks about among them: more cells do not make it another download. */
const benchmarkFilePatterns: Readonly<Record<StudyBenchmark, readonly string[]>> = {
  sib200: ["data/*/*.tsv"],
  flores200: ["dev/*.jsonl", "devtest/*.jsonl"],
};

const studyBenchmarks = Object.keys(benchmarkFilePatterns) as StudyBenchmark[];

/** Of any benchmark, those among them that a stack adds. */
export function getTaskFolder({ own, made }: TaskFiles, benchmark: string): string {
  return made[benchmark] ?? own;
}

/** Each folder of the study's benchmarks once. */
export function listTaskFolders(files: TaskFiles): string[] {
  return [...new Set(studyBenchmarks.map((benchmark) => getTaskFolder(files, benchmark)))];
}

function buildBenchmarkDownloads(place: HubContext): Partial<Record<StudyBenchmark, Artifact>> {
  const named = studyBenchmarks.filter((benchmark) => place.revisions[benchmarkRepositories[benchmark]] !== undefined);
  return Object.fromEntries(
    named.map((benchmark) => [
      benchmark,
      buildBenchmarkDownload(benchmarkRepositories[benchmark], place, benchmarkFilePatterns[benchmark]),
    ]),
  );
}

/** The benchmarks of which the configuration names a commit are read on the hub, the others where somebody put them. */
export function locateTaskFiles(place: HubContext): TaskFiles {
  const made = Object.fromEntries(
    Object.entries(buildBenchmarkDownloads(place)).map(([benchmark, { path }]) => [benchmark, path]),
  );
  return { own: locateExternalInputs(place.cluster).benchmarks, made };
}

/** What fetches the benchmarks that come from the hub. */
export function listBenchmarkDownloadJobs(place: HubContext): JobManifest[] {
  return Object.values(buildBenchmarkDownloads(place)).map(({ job }) => job);
}
