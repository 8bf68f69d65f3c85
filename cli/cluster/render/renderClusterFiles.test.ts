import { loadAll } from "js-yaml";
import { parseClusterConfig } from "../../../infra/clusterConfig.ts";
import { buildExistingClusterConfig, buildTenantClusterConfig } from "../../../infra/existingCluster.fixture.ts";
import { readClusterConfig } from "../readClusterConfig.ts";
import type { RenderedObject } from "./applicationOrder.ts";
import { renderClusterFiles } from "./renderClusterFiles.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("../readClusterConfig.ts", () => ({ readClusterConfig: jest.fn() }));
jest.mock("../../../workspace/toolchain.ts", () => ({
  ...jest.requireActual<object>("../../../workspace/toolchain.ts"),
  readToolchain: () => ({ programs: [], manifests: { kueue: "/old", jobset: "/old", trainer: "/old" } }),
}));

const existing = buildExistingClusterConfig("kubeconfig");
const tenant = buildTenantClusterConfig("kubeconfig");

function renderFiles(cluster: object): ReturnType<typeof renderClusterFiles> {
  jest.mocked(readClusterConfig).mockReturnValue(parseClusterConfig(cluster, "infra/Pulumi.lab.yaml"));
  return renderClusterFiles("lab");
}

describe("the manifests of a cluster", () => {
  it("are refused if another commit has built those of the controllers", async () => {
    await expect(renderFiles(existing)).rejects.toThrow("built by another commit");
  });

  it("are those that a tenant makes itself", async () => {
    const files = await renderFiles(tenant);
    expect([...files.keys()]).toEqual(["2-platform.yaml", "3-queues.yaml"]);
    for (const text of files.values()) expect(text).toMatch(/^# mixcpt cluster render lab: /);
  });

  it("let Argo CD keep the claim of a storage class and its namespace, as cluster destroy does", async () => {
    const store = { kind: "storageClass", name: "lustre", size: "1Ti" };
    const files = await renderFiles({ ...existing, controllers: "installed", store });
    const kept = [...files.values()]
      .flatMap((text) => loadAll(text) as RenderedObject[])
      .filter(({ metadata }) => metadata.annotations?.["argocd.argoproj.io/sync-options"] !== undefined);
    expect(kept.map(({ kind, metadata }) => [kind, metadata.annotations])).toEqual([
      ["Namespace", expect.objectContaining({ "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" })],
      [
        "PersistentVolumeClaim",
        expect.objectContaining({ "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" }),
      ],
    ]);
  });

  it("are refused where cluster up makes none", async () => {
    const given = { account: "publish", runtime: { name: "llama-factory" } };
    await expect(renderFiles({ ...tenant, ...given })).rejects.toThrow(/Pulumi\.lab\.yaml: .*cluster up makes none/);
  });
});
