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

/** Files of a repository in the store. */
export function download(repository: string, { cluster, stack, revisions, tokenSecret }: HubPlace, files?: readonly string[]): Artifact {
  const slug = slugOf(repository.split("/").at(-1) ?? repository);
  const spec = { repository, revision: commitOf(repository, revisions), ...(files && { files }) };
  return artifact({ verb: "download", name: ["model", slug], owner: stack, place: `models/${slug}-`, spec, ...hubSecrets(tokenSecret) }, cluster, stack);
}
