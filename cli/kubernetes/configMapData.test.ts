import type { ApiClients } from "./apiClients.ts";
import { mergeConfigMapData } from "./configMapData.ts";

jest.mock("@kubernetes/client-node", () => ({ setHeaderOptions: () => ({}) }));

const reference = { namespace: "mixcpt", name: "mixcpt-store" };

type MapValues = Readonly<Record<string, string | null>>;

/** A server without the ConfigMap, which another user creates after the first request of this one. */
function buildClients(created: MapValues | undefined) {
  let data: MapValues | undefined;
  const requests: string[] = [];
  const answer = (request: string, code: number | undefined, change: MapValues): Promise<void> => {
    requests.push(request);
    if (code === undefined) data = { ...data, ...change };
    else data ??= created;
    return code === undefined ? Promise.resolve() : Promise.reject(Object.assign(new Error(String(code)), { code }));
  };
  const core = {
    patchNamespacedConfigMap: ({ body }: { readonly body: { readonly data: MapValues } }) =>
      answer("patch", data === undefined ? 404 : undefined, body.data),
    createNamespacedConfigMap: ({ body }: { readonly body: { readonly data: MapValues } }) =>
      answer("create", data === undefined ? undefined : 409, body.data),
  };
  return { clients: { core } as unknown as ApiClients, requests, readData: () => data };
}

it("creates a ConfigMap that does not exist, without the keys to remove", async () => {
  const { clients, requests, readData } = buildClients(undefined);
  await mergeConfigMapData(clients, reference, { id: "3f1c", store: null });
  expect([requests, readData()]).toEqual([["patch", "create"], { id: "3f1c" }]);
});

it("adds its keys to a ConfigMap that another user creates at the same moment", async () => {
  const { clients, requests, readData } = buildClients({ other: "kept" });
  await mergeConfigMapData(clients, reference, { id: "3f1c" });
  expect([requests, readData()]).toEqual([["patch", "create", "patch"], { other: "kept", id: "3f1c" }]);
});
