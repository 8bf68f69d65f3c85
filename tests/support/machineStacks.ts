/** The files of cluster stacks that consist of machines of this machine. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { stringify } from "yaml";
import { checkoutDirectory } from "../../workspace/environment.ts";
import type { LocalMachine } from "./localMachines.ts";

const image = `registry.example/none@sha256:${"0".repeat(64)}`;

export function resolveClusterFile(name: string): string {
  return resolve(checkoutDirectory, `infra/Pulumi.${name}.yaml`);
}

interface DeclaredMachines {
  /** The file of the private key that may log in to each machine. */
  readonly privateKeyFile: string;
  readonly members: readonly LocalMachine[];
  /** The machines with the role; none if the first is the only control plane. */
  readonly planes?: readonly LocalMachine[];
  readonly endpoint?: { readonly heldBy: string; readonly address: string };
}

/** The content of the file of a cluster stack that consists of machines. */
export function buildMachinesStack({ privateKeyFile, members, planes = [], endpoint }: DeclaredMachines) {
  const cluster = {
    kind: "hosts",
    platform: "elsewhere",
    machines: members.map((member) => ({
      name: member.name,
      number: Number(member.name.split("-")[1]),
      address: member.address,
      hostKey: member.hostKey,
      ...(planes.includes(member) && { role: "control-plane" }),
    })),
    ...(endpoint !== undefined && { endpoint }),
    privateKeyFile,
    podNetwork: { kind: "routes" }, // they reach no registry
    devices: { gpu: "MI250X", devicesPerNode: 2 },
    store: { kind: "path", path: "/srv/mixcpt" },
    images: { data: image, llamaFactory: image, evaluate: image },
  };
  return { config: { "mixcpt-infra:cluster": cluster } };
}

/** Writes the file of a cluster stack that consists of these machines; the private key may log in to each. */
export function declareMachines(name: string, privateKeyFile: string, members: readonly LocalMachine[]): void {
  declareRack(name, { privateKeyFile, members });
}

/** Writes the file of a cluster stack that consists of machines, some of them control planes. */
export function declareRack(name: string, declared: DeclaredMachines): void {
  writeFileSync(resolveClusterFile(name), stringify(buildMachinesStack(declared)));
}
