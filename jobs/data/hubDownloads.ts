import type { SecretKey } from "../kube/restrictedPod.ts";
import { formatSlug } from "../kube/objectNames.ts";
import type { Artifact, ArtifactContext } from "./artifact.ts";
import { buildJobArtifact } from "./artifact.ts";

/** Commits by hub repository. */
export type HubRevisions = Readonly<Record<string, string | undefined>>;

/** Files of a data set on the hub, by patterns. */
export interface HubDataset {
  readonly repository: string;
  readonly revision: string;
  readonly files: readonly string[];
}

/** One file of a model on the hub. */
export interface HubModelFile {
  readonly repository: string;
  readonly revision: string;
  readonly file: string;
}

export interface HubContext extends ArtifactContext {
  readonly revisions: HubRevisions;
  /** Data sets of added benchmarks, by the benchmark's name. */
  readonly datasets?: Readonly<Record<string, HubDataset>>;
  /** Models that identify languages for added benchmarks, by the benchmark's name. */
  readonly languageModels?: Readonly<Record<string, HubModelFile>>;
  /** Name of the Secret with HF_TOKEN. */
  readonly tokenSecret?: string;
}

/**
 * Returns the commit of a repository.
 * @throws RangeError if the configuration has none, which checkHubSettings reports first
 */
export function requireRevision(repository: string, revisions: HubRevisions): string {
  const commit = revisions[repository];
  if (commit === undefined) throw new RangeError(`mixcpt:revisions has no commit of ${repository}`);
  return commit;
}

/** Builds the Secret variable that gives a pod access to gated repositories. */
export function buildHubSecrets(tokenSecret: string | undefined): { secrets?: Readonly<Record<string, SecretKey>> } {
  return tokenSecret === undefined ? {} : { secrets: { HF_TOKEN: { name: tokenSecret, key: "HF_TOKEN" } } };
}

interface DownloadRequest {
  /** Folder in the store. */
  readonly folder: "models" | "benchmarks";
  /** First part of the object's name. */
  readonly name: "model" | "benchmark";
  readonly spec: { repository: string; revision: string; kind?: "dataset"; files?: readonly string[] };
}

function buildDownloadArtifact({ folder, name, spec }: DownloadRequest, context: HubContext): Artifact {
  const slug = formatSlug(spec.repository.split("/").at(-1) ?? spec.repository);
  return buildJobArtifact(
    {
      verb: "download",
      name: [name, slug],
      owner: context.stack,
      pathPrefix: `${folder}/${slug}-`,
      spec,
      ...buildHubSecrets(context.tokenSecret),
    },
    context,
  );
}

/** Builds the download of a hub model into the store, in whole or only some of its files. */
export function buildModelDownload(repository: string, context: HubContext, files?: readonly string[]): Artifact {
  const spec = { repository, revision: requireRevision(repository, context.revisions), ...(files && { files }) };
  return buildDownloadArtifact({ folder: "models", name: "model", spec }, context);
}

/** Builds the download of benchmark files into the store, in the layout of the hub. */
export function buildBenchmarkDownload(repository: string, context: HubContext, files: readonly string[]): Artifact {
  const spec = {
    repository,
    revision: requireRevision(repository, context.revisions),
    kind: "dataset",
    files,
  } as const;
  return buildDownloadArtifact({ folder: "benchmarks", name: "benchmark", spec }, context);
}
