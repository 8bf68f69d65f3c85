import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { readScript } from "../../infra/cluster/hostScripts.ts";
import type { HostsConfig } from "../../infra/clusterConfig.ts";
import { readPrivateKey } from "../../infra/configuredFile.ts";
import { formatApiAddress } from "../../infra/endpoint.ts";
import { leadThroughTunnel } from "../../infra/tunneledKubeconfig.ts";
import { buildChildEnvironment, checkoutDirectory } from "../../workspace/environment.ts";
import { formatErrorMessage } from "../explainError.ts";
import { getLastLine } from "../terminal/getLastLine.ts";
import { printErrorLine } from "../terminal/printLine.ts";
import { findClusterConfig } from "./readClusterConfig.ts";

/** The file of a cluster whose API server is reached through its bastion. */
interface TunneledConfig extends Pick<HostsConfig, "machines" | "endpoint" | "privateKeyFile"> {
  readonly bastion: NonNullable<HostsConfig["bastion"]>;
  readonly localPort: number;
}

/** Finds the file of a cluster whose API server is reached through its bastion; undefined for another cluster. */
export function findTunneledConfig(cluster: string): TunneledConfig | undefined {
  const config = findClusterConfig(cluster);
  if (config?.kind !== "hosts") return undefined;
  const { bastion } = config;
  return bastion?.localPort === undefined ? undefined : { ...config, bastion, localPort: bastion.localPort };
}

/** Lets a kubeconfig lead through the bastion if the cluster's file says so. */
export function routeKubeconfig(cluster: string, kubeconfig: string): string {
  const config = findTunneledConfig(cluster);
  return config === undefined ? kubeconfig : leadThroughTunnel(kubeconfig, config.localPort);
}

/** Reads the key if this machine has its file. Who only submits may log in to the bastion with the keys of an agent. */
function readLoginKey({ privateKeyFile: file }: TunneledConfig): string {
  return file !== undefined && existsSync(resolve(checkoutDirectory, file))
    ? readPrivateKey("privateKeyFile", file)
    : "";
}

/** The variables of `scripts/open-tunnel.sh`. */
export function buildTunnelEnvironment(config: TunneledConfig): Record<string, string> {
  const { address, port, user, hostKey } = config.bastion;
  return {
    BASTION_ADDRESS: address,
    BASTION_PORT: String(port),
    BASTION_USER: user,
    BASTION_HOST_KEY: hostKey,
    PRIVATE_KEY: readLoginKey(config),
    ATTEMPTS: "1",
    TUNNEL: `127.0.0.1:${String(config.localPort)}:${formatApiAddress(config)}`,
  };
}

/** @throws Error with the reason why the bastion cannot be used */
async function openTunnel(config: TunneledConfig): Promise<void> {
  const env = buildChildEnvironment(buildTunnelEnvironment(config));
  const script = readScript("open-tunnel.sh");
  const { failed, stderr } = await execa("/bin/bash", ["-c", script], { env, extendEnv: false, reject: false });
  if (failed) throw new Error(getLastLine(stderr) || "ssh failed without a reason");
}

/** The connection ends a minute after its last use. */
const renewalMs = 20_000;

/** Opens the tunnel, and again whenever it has ended, until this process ends. */
async function openAndRenew(cluster: string): Promise<void> {
  const config = findTunneledConfig(cluster);
  if (config === undefined) return;
  setInterval(() => void openTunnel(config).catch(() => undefined), renewalMs).unref();
  await openTunnel(config).catch((error: unknown) => {
    const { user, address } = config.bastion;
    printErrorLine(
      `cluster ${cluster}: no tunnel through the bastion ${user}@${address}: ${formatErrorMessage(error)}`,
    );
  });
}

const tunnels = new Map<string, Promise<void>>();

/**
 * Keeps a tunnel to the API server of a cluster while this process runs, if its file says that it is reached through
 * the bastion. Prints why there is none: what the command does without an answer is its own decision.
 */
export function keepTunnel(cluster: string): Promise<void> {
  const tunnel = tunnels.get(cluster) ?? openAndRenew(cluster);
  tunnels.set(cluster, tunnel);
  return tunnel;
}
