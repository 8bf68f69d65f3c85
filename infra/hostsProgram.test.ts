/** The program of a stack of the kind `hosts` against a recording engine. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { NodeSoftware, Toolchain } from "../workspace/toolchain.ts";

const home = mkdtempSync(join(tmpdir(), "mixcpt-hosts-"));
const [key, manifests] = [join(home, "key"), join(home, "manifests.json")];

function buildImageReference(name: string) {
  return `${name}@sha256:${"a".repeat(64)}`;
}

function buildNamedMachine(name: string, number: number) {
  return { name, number, address: `10.0.0.${String(number)}`, hostKey: "ssh-ed25519 AAAA" };
}

const cluster = {
  kind: "hosts",
  machines: [buildNamedMachine("gpu-1", 1), buildNamedMachine("gpu-9", 2)],
  privateKeyFile: key,
  devices: { gpu: "MI250X", devicesPerNode: 8 },
  store: { kind: "path", path: "/lustre" },
  images: {
    data: buildImageReference("data"),
    llamaFactory: buildImageReference("train"),
    evaluate: buildImageReference("evaluate"),
  },
  rocm: { devicePlugin: buildImageReference("plugin"), nodeLabeller: buildImageReference("labeller") },
};

const software = {
  programs: [],
  manifests: { kueue: manifests, jobset: manifests, trainer: manifests },
  nodes: { nodeSoftware: "/software", clusterImages: "/images/cluster", workImages: "/images/work" } as NodeSoftware,
} satisfies Toolchain;

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: {
    environment?: { value: { TREES: string } };
    spec?: { template: { spec: { nodeSelector: object } } };
  };
}

async function registerResources(): Promise<Registered[]> {
  const all: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        all.push({ type, name, inputs: inputs as Registered["inputs"] });
        return { id: name, state: { ...(inputs as object), stdout: "printed" } };
      },
    },
    "mixcpt-infra",
    "rack",
  );
  pulumi.runtime.setAllConfig({ "mixcpt-infra:cluster": JSON.stringify(cluster) });
  jest.doMock("../workspace/toolchain.ts", () => ({
    readToolchain: () => software,
    requireNodeSoftware: ({ nodes }: Toolchain) => nodes,
  }));
  const { runClusterProgram: program } = await import("./clusterProgram.ts");
  program();
  await pulumi.runtime.disconnect();
  return all;
}

describe("a cluster of the kind hosts", () => {
  let all: Registered[];

  beforeAll(async () => {
    writeFileSync(key, "KEY");
    writeFileSync(manifests, "[]");
    all = await registerResources();
  });

  afterAll(() => rmSync(home, { recursive: true }));

  it("calls what belongs to a machine by the machine's name, so that no other machine's coming or going moves it", () => {
    const nodes = all
      .filter(({ type }) => type.startsWith("command:"))
      .map(({ name }) => /^node-(gpu-\d)-/.exec(name)?.[1]);
    expect(new Set(nodes)).toEqual(new Set(["gpu-1", "gpu-9"]));
  });

  it("gets the cluster's images from set-up, and those of the work from a registry", () => {
    const sent = all.flatMap(({ inputs }) => inputs.environment?.value.TREES ?? []);
    expect(sent).toContain("/images/cluster");
    expect(sent).not.toContain("/images/work");
  });

  it("runs AMD's device plugin and node labeller on every machine: nobody has labelled them", () => {
    const selectors = all
      .filter(({ type }) => type === "kubernetes:apps/v1:DaemonSet")
      .map(({ inputs }) => inputs.spec?.template.spec.nodeSelector);
    expect(selectors).toEqual([{ "kubernetes.io/os": "linux" }, { "kubernetes.io/os": "linux" }]);
  });
});
