import type { SecretKey } from "../kube/restrictedPod.ts";
import { formatSlug } from "../kube/objectNames.ts";
import type { Artifact } from "./artifact.ts";
import { buildJobArtifact } from "./artifact.ts";
import type { ArtifactContext } from "./miniatureArtifacts.ts";

/** Commits by repository of the hub. */
export type HubRevisions = Readonly<Record<string, string | undefined>>;

export interface HubContext extends ArtifactContext {
  readonly revisions: HubRevisions;
  /** Name of the Secret with HF_TOKEN. */
  readonly tokenSecret?: string;
}

/**
 * The commit of a repository.
 * @throws RangeError where the configuration names none; pinProblems says so before
 */
export function requireRevision(repository: string, revisions: HubRevisions): string {
  const commit = revisions[repository];
  if (commit === undefined) throw new RangeError(`no commit of ${repository} is given in mixcpt:revisions`);
  return commit;
}

/** Environment that lets a pod in where the hub asks who comes. */
export function buildHubSecrets(tokenSecret: string | undefined): { secrets?: Readonly<Record<string, SecretKey>> } {
  return tokenSecret === undefined ? {} : { secrets: { HF_TOKEN: { name: tokenSecret, key: "HF_TOKEN" } } };
}

interface DownloadRequest {
  /** Folder of the store, and what the object is called. */
  readonly folder: "models" | "benchmarks";
  readonly name: "model" | "benchmark";
  readonly spec: { repository: string; revision: string; kind?: "dataset"; files?: readonly string[] };
}

function buildDownloadArtifact(
  { folder, name, spec }: DownloadRequest,
  { cluster, stack, tokenSecret }: HubContext,
): Artifact {
  const slug = formatSlug(spec.repository.split("/").at(-1) ?? spec.repository);
  return buildJobArtifact(
    {
      verb: "download",
      name: [name, slug],
      owner: stack,
      pathPrefix: `${folder}/${slug}-`,
      spec,
      ...buildHubSecrets(tokenSecret),
    },
    cluster,
    stack,
  );
}

/** A model of the hub in the store, or some of its files. */
export function buildModelDownload(repository: string, place: HubContext, files?: readonly string[]): Artifact {
  const spec = { repository, revision: requireRevision(repository, place.revisions), ...(files && { files }) };
  return buildDownloadArtifact({ folder: "models", name: "model", spec }, place);
}

/** Files of a benchmark in the store, as the hub has them. */
export function buildBenchmarkDownload(repository: string, place: HubContext, files: readonly string[]): Artifact {
  const spec = { repository, revision: requireRevision(repository, place.revisions), kind: "dataset", files } as const;
  return buildDownloadArtifact({ folder: "benchmarks", name: "benchmark", spec }, place);
}
