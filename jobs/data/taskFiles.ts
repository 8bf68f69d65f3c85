import type { JobManifest } from "../kube/manifestTypes.ts";
import { benchmarkRepositories } from "../matrix/index.ts";
import type { Artifact } from "./artifact.ts";
import { locateExternalInputs } from "./externalInputs.ts";
import type { HubContext } from "./hubDownloads.ts";
import { buildBenchmarkDownload } from "./hubDownloads.ts";

type StudyBenchmark = keyof typeof benchmarkRepositories;

/** The folders of task files in the store. */
export interface TaskFiles {
  /** Folder of the benchmarks that are copied into the store by hand. */
  readonly own: string;
  /** Folders of the benchmarks that a step builds or downloads, by name. */
  readonly made: Readonly<Partial<Record<string, string>>>;
}

/** Patterns for the files of all languages, used or not, so that more cells do not change the download. */
const benchmarkFilePatterns: Readonly<Record<StudyBenchmark, readonly string[]>> = {
  sib200: ["data/*/*.tsv"],
  flores200: ["dev/*.jsonl", "devtest/*.jsonl"],
};

const studyBenchmarks = Object.keys(benchmarkFilePatterns) as StudyBenchmark[];

/** Returns the folder of a benchmark, the study's or an added one. */
export function getTaskFolder({ own, made }: TaskFiles, benchmark: string): string {
  return made[benchmark] ?? own;
}

/** Lists the folders of the study's benchmarks without duplicates. */
export function listTaskFolders(files: TaskFiles): string[] {
  return [...new Set(studyBenchmarks.map((benchmark) => getTaskFolder(files, benchmark)))];
}

function buildBenchmarkDownloads(context: HubContext): Partial<Record<StudyBenchmark, Artifact>> {
  const pinned = studyBenchmarks.filter(
    (benchmark) => context.revisions[benchmarkRepositories[benchmark]] !== undefined,
  );
  return Object.fromEntries(
    pinned.map((benchmark) => [
      benchmark,
      buildBenchmarkDownload(benchmarkRepositories[benchmark], context, benchmarkFilePatterns[benchmark]),
    ]),
  );
}

/**
 * Locates task files: the download for each benchmark with a configured commit, the copy in the store for the others.
 */
export function locateTaskFiles(context: HubContext): TaskFiles {
  const made = Object.fromEntries(
    Object.entries(buildBenchmarkDownloads(context)).map(([benchmark, { path }]) => [benchmark, path]),
  );
  return { own: locateExternalInputs(context.cluster).benchmarks, made };
}

/** Lists the Jobs that download benchmarks from the hub. */
export function listBenchmarkDownloadJobs(context: HubContext): JobManifest[] {
  return Object.values(buildBenchmarkDownloads(context)).map(({ job }) => job);
}
