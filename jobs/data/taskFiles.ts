import type { JobManifest } from "../kube/manifestTypes.ts";
import { benchmarkRepositories } from "../matrix/index.ts";
import type { Artifact } from "./artifact.ts";
import { locateExternalInputs } from "./externalInputs.ts";
import type { HubContext } from "./hubDownloads.ts";
import { buildBenchmarkDownload, buildModelDownload } from "./hubDownloads.ts";

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

/** Builds the downloads that added benchmarks read, data sets and models that identify languages, by the name. */
export function buildAddedDownloads({
  datasets = {},
  languageModels = {},
  ...context
}: HubContext): Record<string, Artifact> {
  const pinContext = ({ repository, revision }: { repository: string; revision: string }): HubContext => ({
    ...context,
    revisions: { [repository]: revision },
  });
  return {
    ...mapEntries(datasets, (data) => buildBenchmarkDownload(data.repository, pinContext(data), data.files)),
    ...mapEntries(languageModels, (model) => buildModelDownload(model.repository, pinContext(model), [model.file])),
  };
}

function mapEntries<Value>(
  entries: Readonly<Record<string, Value>>,
  build: (value: Value) => Artifact,
): Record<string, Artifact> {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, build(value)]));
}

/** Lists the folders of the study's benchmarks without duplicates. */
export function listTaskFolders(files: TaskFiles): string[] {
  return [...new Set(studyBenchmarks.map((benchmark) => getTaskFolder(files, benchmark)))];
}

function buildBenchmarkDownloads(context: HubContext): Readonly<Record<string, Artifact>> {
  const pinned = studyBenchmarks.filter(
    (benchmark) => context.revisions[benchmarkRepositories[benchmark]] !== undefined,
  );
  const downloads = pinned.map((benchmark): [string, Artifact] => [
    benchmark,
    buildBenchmarkDownload(benchmarkRepositories[benchmark], context, benchmarkFilePatterns[benchmark]),
  ]);
  return { ...Object.fromEntries(downloads), ...buildAddedDownloads(context) };
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

/** Lists the Jobs of downloads, one for those that several benchmarks have in common. */
export function listDownloadJobs(downloads: Readonly<Record<string, Artifact>>): JobManifest[] {
  return [...new Map(Object.values(downloads).map((download) => [download.path, download])).values()].map(
    ({ job }) => job,
  );
}

/** Lists the Jobs that download benchmarks from the hub. */
export function listBenchmarkDownloadJobs(context: HubContext): JobManifest[] {
  return listDownloadJobs(buildBenchmarkDownloads(context));
}
