import type { ApiServer } from "./apiServer.ts";
import { waitUntil } from "./processes.ts";
import { readAllManifests } from "./toolchainPrograms.ts";

interface ControllerKind {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

function readControllerKinds(): ControllerKind[] {
  return readAllManifests<ControllerKind>()
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .map((object) => ({ ...object, spec: { ...object.spec, conversion: undefined } }));
}

async function isKindEstablished(api: ApiServer, name: string): Promise<boolean> {
  const { body } = await api.call("GET", `${definitionsPath}/${name}`);
  const { conditions } = (body["status"] ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions?.some(({ type, status }) => type === "Established" && status === "True") ?? false;
}

/**
 * Installs the kinds of Kueue, JobSet and Trainer, or those whose name matches, without the controllers and the
 * conversion that needs them.
 */
export async function installControllerKinds(api: ApiServer, names = /./): Promise<void> {
  const kinds = readControllerKinds().filter(({ metadata }) => names.test(metadata.name));
  for (const kind of kinds) {
    const { status, body } = await api.call("POST", definitionsPath, kind);
    if (status !== 201) throw new Error(`${kind.metadata.name}: ${JSON.stringify(body)}`);
  }
  for (const { metadata } of kinds)
    await waitUntil(`${metadata.name} is established`, () => isKindEstablished(api, metadata.name));
}
