import type { SecretKey } from "../kube/restrictedPod.ts";
import { slugOf } from "../kube/names.ts";
import type { Artifact } from "./artifact.ts";
import { artifact } from "./artifact.ts";
import type { Workshop } from "./artifacts.ts";

/** Commits by repository of the hub. */
export type Revisions = Readonly<Record<string, string | undefined>>;

export interface HubPlace extends Workshop {
  revisions: Revisions;
  /** Name of the Secret with HF_TOKEN. */
  tokenSecret?: string;
}

/**
 * The commit of a repository.
 * @throws RangeError where the configuration names none; pinProblems says so before
 */
export function commitOf(repository: string, revisions: Revisions): string {
  const commit = revisions[repository];
  if (commit === undefined) throw new RangeError(`no commit of ${repository} is given in mixcpt:revisions`);
  return commit;
}

/** Environment that lets a pod in where the hub asks who comes. */
export function hubSecrets(tokenSecret: string | undefined): { secrets?: Readonly<Record<string, SecretKey>> } {
  return tokenSecret === undefined ? {} : { secrets: { HF_TOKEN: { name: tokenSecret, key: "HF_TOKEN" } } };
}

interface Wanted {
  /** Folder of the store, and what the object is called. */
  folder: "models" | "benchmarks";
  name: "model" | "benchmark";
  spec: { repository: string; revision: string; kind?: "dataset"; files?: readonly string[] };
}

function downloadTo({ folder, name, spec }: Wanted, { cluster, stack, tokenSecret }: HubPlace): Artifact {
  const slug = slugOf(spec.repository.split("/").at(-1) ?? spec.repository);
  return artifact({ verb: "download", name: [name, slug], owner: stack, place: `${folder}/${slug}-`, spec, ...hubSecrets(tokenSecret) }, cluster, stack);
}

/** A model of the hub in the store, or some of its files. */
export function download(repository: string, place: HubPlace, files?: readonly string[]): Artifact {
  const spec = { repository, revision: commitOf(repository, place.revisions), ...(files && { files }) };
  return downloadTo({ folder: "models", name: "model", spec }, place);
}

/** Files of a benchmark in the store, as the hub has them. */
export function downloadBenchmark(repository: string, place: HubPlace, files: readonly string[]): Artifact {
  const spec = { repository, revision: commitOf(repository, place.revisions), kind: "dataset", files } as const;
  return downloadTo({ folder: "benchmarks", name: "benchmark", spec }, place);
}
