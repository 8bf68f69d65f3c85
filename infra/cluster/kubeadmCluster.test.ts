/** The resources of a cluster against a recording engine: what each host is told, under which name. */
import * as pulumi from "@pulumi/pulumi";
import type { Host } from "./remoteHost.ts";
import type { NodeSoftware } from "../../workspace/toolchain.ts";
import { KubeadmCluster } from "./kubeadmCluster.ts";

interface Inputs {
  /** A secret as a whole. */
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

async function registerCluster(hosts: Host[], workImages?: string): Promise<Map<string, Inputs>> {
  const made = new Map<string, Inputs>();
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ type, name, inputs }) => {
      if (type.startsWith("command:")) made.set(name, inputs as Inputs);
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
  return made;
}

function readExport(inputs: Inputs | undefined, name: string): string {
  return new RegExp(`^export ${name}='([^']*)'`, "m").exec(inputs?.create ?? "")?.[1] ?? "";
}

describe("a cluster of machines", () => {
  it("is the same for all that stay when one in the middle leaves: only routes to it go", async () => {
    const [before, after] = [
      await registerCluster([buildHost(1), buildHost(7), buildHost(3)]),
      await registerCluster([buildHost(1), buildHost(3)]),
    ];
    expect([...before.keys()].filter((name) => !after.has(name)).every((name) => name.startsWith("node-gpu-7-"))).toBe(
      true,
    );
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

  it("admits each node by itself: the control plane makes it a token, and another one where it was installed anew", async () => {
    const made = await registerCluster([buildHost(1), buildHost(2), buildHost(3, "ssh-ed25519 NEW")]);
    const admissions = [...made].filter(([name]) => name.endsWith("-admission"));
    expect(admissions.map(([name]) => name)).toEqual(["node-gpu-2-admission", "node-gpu-3-admission"]);
    expect(admissions.map(([, { connection }]) => connection?.value.host)).toEqual(["10.0.0.1", "10.0.0.1"]);
    expect(admissions.map(([, { triggers }]) => triggers)).toEqual([["ssh-ed25519 KEY2"], ["ssh-ed25519 NEW"]]);
    expect(readExport(made.get("node-gpu-3-join"), "JOIN")).toBe("printed by node-gpu-3-admission");
  });

  it("is never prepared anew by a trigger: what undoes the old preparation would end the node", async () => {
    const made = await registerCluster([buildHost(1), buildHost(2)]);
    expect([...made].filter(([name]) => name.endsWith("-prepare")).map(([, { triggers }]) => triggers)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("runs no script on a host whose key it has not checked", async () => {
    const connections = [...(await registerCluster([buildHost(1), buildHost(2)])).values()].flatMap(
      ({ connection }) => connection?.value ?? [],
    );
    expect(connections.length).toBeGreaterThan(0);
    expect(
      connections.filter(({ host: address, hostKey }) => hostKey !== `ssh-ed25519 KEY${address.at(-1) ?? ""}`),
    ).toEqual([]);
  });

  it("sends the images of the work only where nodes do not fetch them", async () => {
    const trees = async (workImages?: string) =>
      [...(await registerCluster([buildHost(1)], workImages)).values()].flatMap(
        ({ environment }) => environment?.TREES ?? [],
      );
    expect(await trees()).not.toContain("/images/work");
    expect(await trees("/images/work")).toContain("/images/work");
  });
});
