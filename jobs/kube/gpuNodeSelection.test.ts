/** The nodes that get work on GPUs: by the labels of AMD's node labeler, the flavor of the queue and the pods. */
import fc from "fast-check";
import type { Affinity } from "kubernetes-types/core/v1.js";
import type { ClusterHardware } from "./clusterOutputs.ts";
import { selectDeviceNodes, selectWorkNodes } from "./clusterOutputs.ts";
import { buildGpuFlavor } from "./queues.ts";
import type { PodSpecInput } from "./restrictedPod.ts";
import { buildRestrictedPod } from "./restrictedPod.ts";
import { gpuModels, gpus } from "../hardware/gpuCatalog.ts";
import { storedPciIds } from "../hardware/pciIds.fixture.ts";

const work: PodSpecInput = {
  name: "train",
  image: "image:1",
  resources: { cpu: "500m", memory: "2Gi", devices: 2 },
  store: { claim: "store", mount: "/store" },
};

type NodeLabels = Readonly<Record<string, string>>;

/** The labels that AMD's node labeler writes for devices with these ids (`createLabels` in its main.go). */
function labelNode(ids: readonly string[]): NodeLabels {
  const counts = [...Map.groupBy(ids, (id) => id)].map(([id, devices]) => [id, String(devices.length)] as const);
  const [first] = counts;
  const prefix = "amd.com/gpu.device-id";
  const own =
    counts.length === 1 && first !== undefined
      ? { [prefix]: first[0], [`beta.${prefix}`]: first[0] }
      : Object.fromEntries(counts.map(([id, count]) => [`${prefix}.${id}`, count]));
  const beta = Object.fromEntries(counts.map(([id, count]) => [`beta.${prefix}.${id}`, count]));
  return { "kubernetes.io/os": "linux", ...own, ...beta };
}

function matchesAffinity({ nodeAffinity }: Affinity, labels: NodeLabels): boolean {
  const { nodeSelectorTerms = [] } = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? {};
  return nodeSelectorTerms.some(({ matchExpressions = [] }) =>
    matchExpressions.every(({ key, values = [] }) => values.includes(labels[key] ?? "")),
  );
}

function getsWork(
  labels: NodeLabels,
  hardware: ClusterHardware,
  nodes = selectWorkNodes({ hardware, namespace: "mixcpt" }),
): boolean {
  const flavor = Object.entries(buildGpuFlavor(hardware).spec.nodeLabels ?? {});
  const { affinity = {} } = buildRestrictedPod({ ...work, nodes });
  return flavor.every(([label, value]) => labels[label] === value) && matchesAffinity(affinity, labels);
}

const hardware = { emulated: false, devicesPerNode: 8, nodes: 4 };
const anyModel = fc.constantFrom(...gpuModels);
const anyId = fc.constantFrom(...storedPciIds.map(({ id }) => id));
const someIds = fc.oneof(
  anyId.map((id) => Array<string>(8).fill(id)),
  fc.array(anyId, { minLength: 1, maxLength: 16 }),
);

it("gives work to the nodes whose devices all have one id, which is an id of the model", () => {
  fc.assert(
    fc.property(anyModel, someIds, (gpu, ids) => {
      const [id = ""] = ids;
      const isUniform = new Set(ids).size === 1;
      expect(getsWork(labelNode(ids), { ...hardware, gpu })).toBe(isUniform && gpus[gpu].deviceIds.includes(id));
    }),
  );
});

it("gives work to the nodes with the configured id alone, whether the catalog lists it or not", () => {
  const unlisted = fc.constantFrom("74ff", "ffff");
  fc.assert(
    fc.property(anyModel, fc.oneof(anyId, unlisted), fc.oneof(anyId, unlisted), (gpu, deviceId, id) => {
      expect(getsWork(labelNode([id]), { ...hardware, gpu, deviceId })).toBe(id === deviceId);
    }),
  );
});

it("gives no work to nodes without labels of devices, nor emulated work to nodes with real ones", () => {
  fc.assert(
    fc.property(anyModel, (gpu) => {
      const labels = labelNode([gpus[gpu].deviceIds[0]]);
      expect(getsWork({ "kubernetes.io/os": "linux" }, { ...hardware, gpu })).toBe(false);
      expect(getsWork(labels, { ...hardware, gpu, emulated: true })).toBe(false);
      expect(getsWork({ ...labels, "mixcpt.io/emulated-gpu": "true" }, { ...hardware, gpu, emulated: true })).toBe(
        true,
      );
    }),
  );
});

describe("a cluster whose file requires preflight", () => {
  const required = { ...hardware, requiresPreflight: true } as const;
  const anyNamespace = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/);
  const twoNamespaces = fc.oneof(
    fc.tuple(anyNamespace, anyNamespace),
    anyNamespace.map((name) => [name, name] as const),
  );
  const anyMark = fc.constantFrom(undefined, "passed", "failed", "changed", "");

  it("gives work to the nodes that passed the preflight of this install, and to no others", () => {
    fc.assert(
      fc.property(anyModel, twoNamespaces, anyMark, (gpu, [namespace, other], mark) => {
        const marks = { ...(mark !== undefined && { [`preflight.mixcpt.io/${other}`]: mark }) };
        const labels = { ...labelNode([gpus[gpu].deviceIds[0]]), ...marks };
        const declared = { ...required, gpu };
        const nodes = selectWorkNodes({ hardware: declared, namespace });
        expect(getsWork(labels, declared, nodes)).toBe(mark === "passed" && namespace === other);
      }),
    );
  });

  it("lets the pods of preflight itself reach every node", () => {
    fc.assert(
      fc.property(anyModel, anyMark, (gpu, mark) => {
        const marks = { ...(mark !== undefined && { "preflight.mixcpt.io/mixcpt": mark }) };
        const labels = { ...labelNode([gpus[gpu].deviceIds[0]]), ...marks };
        const declared = { ...required, gpu };
        expect(getsWork(labels, declared, selectDeviceNodes(declared))).toBe(true);
      }),
    );
  });
});
