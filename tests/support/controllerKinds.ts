import type { ApiServer } from "./apiServer.ts";
import { waitUntil } from "./processes.ts";
import { readAllManifests } from "./toolchainPrograms.ts";

export interface ControllerKind {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

function readControllerKinds(): ControllerKind[] {
  return readAllManifests<ControllerKind>()
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .map((object) => ({ ...object, spec: { ...object.spec, conversion: undefined } }));
}

/** A kind that is established is served and discovered a moment later. */
async function isKindServed(api: ApiServer, { spec: { group, names, versions } }: ControllerKind): Promise<boolean> {
  const paths = versions.filter(({ served }) => served).map(({ name }) => `/apis/${group}/${name}`);
  const answers = await Promise.all(
    paths.map(async (path) => {
      const list = await api.call("GET", `${path}/${names.plural}?limit=1`);
      const { resources = [] } = (await api.call("GET", path)).body as { resources?: { name: string }[] };
      return list.status === 200 && resources.some(({ name }) => name === names.plural);
    }),
  );
  return !answers.includes(false);
}

/**
 * Installs the kinds of Kueue, JobSet and Trainer, or those whose name matches, without the controllers and the
 * conversion that needs them, and waits until they are served.
 */
export async function installControllerKinds(api: ApiServer, names = /./): Promise<readonly ControllerKind[]> {
  const kinds = readControllerKinds().filter(({ metadata }) => names.test(metadata.name));
  for (const kind of kinds) {
    const { status, body } = await api.call("POST", definitionsPath, kind);
    if (status !== 201) throw new Error(`${kind.metadata.name}: ${JSON.stringify(body)}`);
  }
  for (const kind of kinds) await waitUntil(`${kind.metadata.name} is served`, () => isKindServed(api, kind));
  return kinds;
}
