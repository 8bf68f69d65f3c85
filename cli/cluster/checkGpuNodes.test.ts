/** The comparison of GPU nodes with a cluster's file, with an HTTP server that answers like an API server. */
import type { ClusterConfig, ExistingConfig } from "../../infra/clusterConfig.ts";
import * as apiConnection from "../../plugins/kubernetes/apiConnection.ts";
import { startFakeApiServer } from "../../plugins/kubernetes/fakeApiServer.fixture.ts";
import { formatPlatformRefusal } from "./checkPlatform.ts";
import { examineGpuNodes, findUnusableGpuNodes, warnOfGpuNodes } from "./checkGpuNodes.ts";

jest.mock("../../plugins/kubernetes/apiConnection.ts", () => ({
  ...jest.requireActual<typeof apiConnection>("../../plugins/kubernetes/apiConnection.ts"),
  connectToApiServer: jest.fn(),
}));

const devices = { gpu: "MI250X", devicesPerNode: 8, emulated: false } as const;
const existing = { kind: "existing", nodes: 2, devices } as ExistingConfig;
const rocm = { devicePlugin: "", nodeLabeller: "", nodeLabels: {} };

function buildNode(name: string, id: string, count = "8") {
  const resources = { "amd.com/gpu": count, cpu: "56", memory: "503Gi" };
  return {
    metadata: { name, labels: { "amd.com/gpu.device-id": id } },
    status: { capacity: resources, allocatable: resources },
  };
}

type NodeBody = ReturnType<typeof buildNode>;

async function withNodes<Result>(answers: (NodeBody[] | number)[], ask: () => Promise<Result>): Promise<Result> {
  const server = await startFakeApiServer(
    answers.map((answer) =>
      typeof answer === "number" ? { status: answer } : { status: 200, body: { items: answer } },
    ),
  );
  jest.mocked(apiConnection.connectToApiServer).mockResolvedValue(server.connect());
  return ask().finally(() => server.stop());
}

async function printWarnings(config: ClusterConfig, ...answers: (NodeBody[] | number)[]): Promise<string[]> {
  const printed: string[] = [];
  const print = (line: string) => void printed.push(line);
  await withNodes(answers, () => warnOfGpuNodes("lab", { config, kubeconfig: "", print }));
  return printed;
}

const fitting = [buildNode("gpu-1", "7408"), buildNode("gpu-2", "7408")];
const mixed = [buildNode("gpu-1", "7408"), buildNode("gpu-2", "740c")];

describe("the GPU nodes after cluster up", () => {
  it("are not mentioned if they are as the file says", async () => {
    expect(await printWarnings(existing, fitting)).toEqual([]);
  });

  it("are warned of, with the command that checks again, if too few are as the file says", async () => {
    expect(await printWarnings(existing, mixed)).toEqual([
      expect.stringMatching(/^ {2}warning: GPU nodes: 1 of 2 fit, but the file declares 2 with MI250X/),
      expect.stringMatching(/^ {2}warning: node gpu-2: has 8 devices of id 740c \(MI250\)/),
      "  check again: ./mixcpt doctor (cluster lab)",
    ]);
  });

  it("are warned of if they fit, but have no room for a training", async () => {
    expect(await printWarnings({ ...existing, training: { cpus: 64 } }, fitting)).toEqual([
      expect.stringMatching(/^ {2}warning: GPU nodes: 0 of 2 fit/),
      expect.stringMatching(/^ {2}warning: node gpu-1 \(1 other likewise\): offers less .*cpu 56 of 64/),
      "  check again: ./mixcpt doctor (cluster lab)",
    ]);
  });

  it("are waited for if the labeler has just been installed", async () => {
    expect(await printWarnings({ ...existing, rocm }, [], fitting)).toEqual([]);
  });

  it("are not waited for if only what lasts differs", async () => {
    expect(await printWarnings({ ...existing, rocm }, mixed, fitting)).toHaveLength(3);
  });

  it("are not mentioned if the user may not read them, and do not fail a cluster that is up", async () => {
    expect(await printWarnings(existing, 403)).toEqual([]);
    expect(await printWarnings(existing, 404)).toEqual([]);
    expect(await printWarnings(existing, 401)).toEqual([
      expect.stringMatching(/^ {2}warning: the GPU nodes could not be compared with the file: /),
    ]);
  });
});

describe("the GPU nodes of a cluster that runs", () => {
  it("are compared with its file, unless another stack makes the queues", async () => {
    const examine = (config: ClusterConfig) => withNodes([fitting], () => examineGpuNodes(config, ""));
    expect((await examine(existing))?.shortage).toBeUndefined();
    expect((await examine({ ...existing, nodes: 3 }))?.shortage).toMatch(/2 of 2 fit, but the file declares 3/);
    expect(await examine({ kind: "hosts", platform: "elsewhere" } as ClusterConfig)).toBeUndefined();
  });
});

describe("cluster up", () => {
  const node = { taints: [], allocatable: {}, devices: 8, state: "ready" } as const;
  const other = [{ ...node, name: "gpu-1", labels: { "amd.com/gpu.device-id": "740c" } }];
  const repairable = [{ ...node, name: "gpu-2", labels: { "amd.com/gpu.device-id": "7408" }, devices: 7 }];

  it("is refused if nodes have devices, and none those of the file", () => {
    expect(findUnusableGpuNodes(other, existing)?.misfits).toHaveLength(1);
  });

  it("is not refused if a node needs a repair, none has devices, or it makes nodes report them itself", () => {
    expect(findUnusableGpuNodes([...other, ...repairable], existing)).toBeUndefined();
    expect(findUnusableGpuNodes([], existing)).toBeUndefined();
    expect(findUnusableGpuNodes(undefined, existing)).toBeUndefined();
    expect(findUnusableGpuNodes(other, { ...existing, rocm })).toBeUndefined();
    expect(findUnusableGpuNodes(other, { ...existing, devices: { ...devices, emulated: ["gpu-9"] } })).toBeUndefined();
  });

  it("counts each misfit once, apart from the parts that are missing", () => {
    const report = findUnusableGpuNodes(other, existing);
    expect(formatPlatformRefusal("lab", [], undefined)).toBeUndefined();
    expect(formatPlatformRefusal("lab", ["Kueue: not installed"], report)?.split("\n")).toEqual([
      "cluster lab cannot be used yet, and nothing was changed",
      "1 part must change first:",
      "  Kueue: not installed",
      expect.stringMatching(/^GPU nodes: 0 of 1 fit, but the file declares 2 with MI250X/),
      expect.stringMatching(/^ {2}node gpu-1: has 8 devices of id 740c \(MI250\)/),
    ]);
    expect(formatPlatformRefusal("lab", [], report)).not.toContain("part");
  });
});
