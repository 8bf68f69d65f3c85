/** The resources of a kubeadm cluster against a recording engine: the scripts and inputs of each host. */
import * as pulumi from "@pulumi/pulumi";
import type { NodeSoftware } from "../../workspace/toolchain.ts";
import { KubeadmCluster } from "./kubeadmCluster.ts";
import type { Host } from "./remoteHost.ts";

interface CommandInputs {
  /** Pulumi's wrapper of a secret. */
  readonly connection?: { value: { host: string; hostKey?: string } };
  readonly create: string;
  readonly triggers?: string[];
  readonly environment?: { TREES: string };
}

const software = {
  nodeSoftware: "/software",
  clusterImages: "/images/cluster",
  workImages: "/images/work",
  kubernetesVersion: "v1.36.3",
  etcdVersion: "3.6.16",
  corednsVersion: "v1.12.4",
} as NodeSoftware;

function buildHost(number: number, hostKey = `ssh-ed25519 KEY${String(number)}`): Host {
  return {
    name: `gpu-${String(number)}`,
    id: `gpu-${String(number)}`,
    number,
    address: `10.0.0.${String(number)}`,
    user: "root",
    port: 22,
    hostKey: pulumi.output(hostKey),
  };
}

async function registerCluster(hosts: Host[], workImages?: string): Promise<Map<string, CommandInputs>> {
  const commands = new Map<string, CommandInputs>();
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ type, name, inputs }) => {
      if (type.startsWith("command:")) commands.set(name, inputs as CommandInputs);
      return { id: name, state: { ...(inputs as object), stdout: `printed by ${name}` } };
    },
  });
  const { ready } = new KubeadmCluster("node", {
    hosts,
    privateKey: pulumi.output("KEY"),
    software,
    ...(workImages !== undefined && { workImages }),
  });
  await Promise.all(ready.map(({ urn }) => new Promise((resolve) => urn.apply(resolve))));
  await pulumi.runtime.disconnect();
  return commands;
}

function readExport(inputs: CommandInputs | undefined, name: string): string {
  return new RegExp(`^export ${name}='([^']*)'`, "m").exec(inputs?.create ?? "")?.[1] ?? "";
}

describe("a kubeadm cluster", () => {
  it("changes only the routes of the other nodes when a node is removed", async () => {
    const [before, after] = [
      await registerCluster([buildHost(1), buildHost(7), buildHost(3)]),
      await registerCluster([buildHost(1), buildHost(3)]),
    ];
    const removed = [...before.keys()].filter((name) => !after.has(name));
    expect(removed.every((name) => name.startsWith("node-gpu-7-"))).toBe(true);
    const changed = [...after]
      .filter(([name, inputs]) => JSON.stringify(inputs) !== JSON.stringify(before.get(name)))
      .map(([name]) => name);
    expect(changed).toEqual(["node-gpu-1-prepare", "node-gpu-3-prepare"]);
    expect(readExport(before.get("node-gpu-1-prepare"), "ROUTES")).toBe(
      "10.244.7.0/24 via 10.0.0.7\n10.244.3.0/24 via 10.0.0.3",
    );
    expect(readExport(after.get("node-gpu-1-prepare"), "ROUTES")).toBe("10.244.3.0/24 via 10.0.0.3");
    expect(readExport(after.get("node-gpu-3-prepare"), "POD_RANGE")).toBe("10.244.3.0/24");
  });

  it("creates a separate token for each node, and another one if the node was reinstalled", async () => {
    const commands = await registerCluster([buildHost(1), buildHost(2), buildHost(3, "ssh-ed25519 NEW")]);
    const admissions = [...commands].filter(([name]) => name.endsWith("-admission"));
    expect(admissions.map(([name]) => name)).toEqual(["node-gpu-2-admission", "node-gpu-3-admission"]);
    expect(admissions.map(([, { connection }]) => connection?.value.host)).toEqual(["10.0.0.1", "10.0.0.1"]);
    expect(admissions.map(([, { triggers }]) => triggers)).toEqual([["ssh-ed25519 KEY2"], ["ssh-ed25519 NEW"]]);
    expect(readExport(commands.get("node-gpu-3-join"), "JOIN")).toBe("printed by node-gpu-3-admission");
  });

  it("prepares nodes without triggers, because a replacement would also undo the old preparation", async () => {
    const commands = await registerCluster([buildHost(1), buildHost(2)]);
    const preparations = [...commands].filter(([name]) => name.endsWith("-prepare"));
    expect(preparations.map(([, { triggers }]) => triggers)).toEqual([undefined, undefined]);
  });

  it("checks the host key on every connection", async () => {
    const connections = [...(await registerCluster([buildHost(1), buildHost(2)])).values()].flatMap(
      ({ connection }) => connection?.value ?? [],
    );
    expect(connections.length).toBeGreaterThan(0);
    expect(
      connections.filter(({ host: address, hostKey }) => hostKey !== `ssh-ed25519 KEY${address.at(-1) ?? ""}`),
    ).toEqual([]);
  });

  it("sends the images of the work only if nodes do not fetch them", async () => {
    const listTrees = async (workImages?: string) =>
      [...(await registerCluster([buildHost(1)], workImages)).values()].flatMap(
        ({ environment }) => environment?.TREES ?? [],
      );
    expect(await listTrees()).not.toContain("/images/work");
    expect(await listTrees("/images/work")).toContain("/images/work");
  });
});
