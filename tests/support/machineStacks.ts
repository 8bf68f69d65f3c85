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

/** Writes the file of a cluster stack that consists of these machines; the private key may log in to each. */
export function declareMachines(name: string, privateKeyFile: string, members: readonly LocalMachine[]): void {
  const cluster = {
    kind: "hosts",
    platform: "elsewhere",
    machines: members.map(({ name: machine, address, hostKey }) => ({
      name: machine,
      number: Number(machine.split("-")[1]),
      address,
      hostKey,
    })),
    privateKeyFile,
    podNetwork: { kind: "routes" }, // they reach no registry
    devices: { gpu: "MI250X", devicesPerNode: 2 },
    store: { kind: "path", path: "/srv/mixcpt" },
    images: { data: image, llamaFactory: image, evaluate: image },
  };
  writeFileSync(resolveClusterFile(name), stringify({ config: { "mixcpt-infra:cluster": cluster } }));
}
