import type { ApiServer } from "./apiServer.ts";
import { submittedPaths } from "./submittedPaths.ts";

interface ObjectList {
  readonly items?: readonly { readonly metadata: { readonly name: string; readonly uid: string } }[];
}

/** The uid of every object that an experiment stack submitted, by `KIND/NAME` in alphabetical order. */
export async function listSubmitted(api: ApiServer): Promise<Map<string, string>> {
  const lists = Object.entries(submittedPaths).map(async ([kind, path]) => {
    const { items = [] } = (await api.call("GET", path)).body as ObjectList;
    return items.map(({ metadata }) => [`${kind}/${metadata.name}`, metadata.uid] as const);
  });
  return new Map((await Promise.all(lists)).flat().sort(([a], [b]) => (a < b ? -1 : 1)));
}
