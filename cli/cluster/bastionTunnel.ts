import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { readScript } from "../../infra/cluster/hostScripts.ts";
import type { HostsConfig } from "../../infra/clusterConfig.ts";
import { isForeignCluster } from "../../infra/clusterConfig.ts";
import { formatApiAddress } from "../../infra/endpoint.ts";
import { readExistingKubeconfig, resolveKubeconfigFile } from "../../infra/existingKubeconfig.ts";
import { findTunnelPort, leadDirectly, leadThroughTunnel } from "../../infra/tunneledKubeconfig.ts";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { buildChildEnvironment, checkoutDirectory } from "../../workspace/environment.ts";
import { formatStackFileName, listDeclaredStacks } from "../engine/stackDeclarations.ts";
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

/** Lets a kubeconfig lead through the bastion if the cluster's file says so, and directly if it no longer does. */
export function routeKubeconfig(cluster: string, kubeconfig: string): string {
  const config = findClusterConfig(cluster);
  if (config?.kind !== "hosts") return kubeconfig;
  const localPort = config.bastion?.localPort;
  return localPort === undefined
    ? leadDirectly(kubeconfig, formatApiAddress(config))
    : leadThroughTunnel(kubeconfig, localPort);
}

/** Reads the key if this machine has its file. Who only submits may log in to the bastion with the keys of an agent. */
async function readLoginKey({ privateKeyFile: file }: TunneledConfig): Promise<string> {
  if (file === undefined || !existsSync(resolve(checkoutDirectory, file))) return "";
  const { readPrivateKey } = await import("../../infra/privateKey.ts"); // loads ssh2, which few commands need
  return readPrivateKey("privateKeyFile", file);
}

/** The variables of `scripts/open-tunnel.sh`. */
export async function buildTunnelEnvironment(config: TunneledConfig): Promise<Record<string, string>> {
  const { address, port, user, hostKey } = config.bastion;
  return {
    BASTION_ADDRESS: address,
    BASTION_PORT: String(port),
    BASTION_USER: user,
    BASTION_HOST_KEY: hostKey,
    PRIVATE_KEY: await readLoginKey(config),
    ATTEMPTS: "1",
    TUNNEL: `127.0.0.1:${String(config.localPort)}:${formatApiAddress(config)}`,
  };
}

/** Why there is no tunnel. */
export interface TunnelFailure {
  readonly reason: string;
  /** True if the bastion would refuse every further login, too: fail2ban counts each. */
  readonly isFinal: boolean;
}

/** The exit code of `scripts/open-tunnel.sh` for a login that is refused. */
const refusedCode = 77;

async function openTunnel(config: TunneledConfig): Promise<TunnelFailure | undefined> {
  const script = readScript("open-tunnel.sh");
  try {
    const env = buildChildEnvironment(await buildTunnelEnvironment(config));
    const { failed, exitCode, stderr } = await execa("/bin/bash", ["-c", script], {
      env,
      extendEnv: false,
      reject: false,
    });
    if (!failed) return undefined;
    return { reason: getLastLine(stderr) || "ssh failed without a reason", isFinal: exitCode === refusedCode };
  } catch (error) {
    return { reason: formatErrorMessage(error), isFinal: true }; // the key cannot be read
  }
}

/** The connection ends a minute after its last use. */
const renewalMs = 20_000;

/** Opens a tunnel again whenever it has ended, until this process ends or the bastion refuses the login. */
export function renewTunnel(open: () => Promise<TunnelFailure | undefined>): void {
  const renew = async (): Promise<void> => {
    const failure = await open();
    if (failure?.isFinal !== true) renewTunnel(open);
  };
  setTimeout(() => void renew(), renewalMs).unref();
}

/** Finds another cluster whose file leads the same port elsewhere. */
function findPortSharer(cluster: string, { localPort }: TunneledConfig): string | undefined {
  return listDeclaredStacks(infraProject).find(
    (other) => other !== cluster && findTunneledConfig(other)?.localPort === localPort,
  );
}

async function openAndRenew(cluster: string): Promise<void> {
  const config = findTunneledConfig(cluster);
  if (config === undefined) return;
  const { user, address } = config.bastion;
  const sharer = findPortSharer(cluster, config);
  if (sharer !== undefined)
    printErrorLine(
      `cluster ${cluster}: ${formatStackFileName(infraProject, sharer)} has localPort ${String(config.localPort)}, ` +
        "too, which then leads to one of both clusters; choose another for either",
    );
  const failure = await openTunnel(config);
  if (failure !== undefined)
    printErrorLine(`cluster ${cluster}: no tunnel through the bastion ${user}@${address}: ${failure.reason}`);
  if (failure?.isFinal !== true) renewTunnel(() => openTunnel(config));
}

/**
 * Finds the stack whose file says how a cluster is reached. That of an existing cluster, or of a tenant, names a
 * kubeconfig, which may lead to the port of another stack's tunnel.
 */
function findTunnelStack(cluster: string): string {
  const config = findClusterConfig(cluster);
  if (config === undefined || !isForeignCluster(config) || !existsSync(resolveKubeconfigFile(config))) return cluster;
  const port = findTunnelPort(readExistingKubeconfig(config));
  const stacks = port === undefined ? [] : listDeclaredStacks(infraProject);
  return stacks.find((stack) => findTunneledConfig(stack)?.localPort === port) ?? cluster;
}

const tunnels = new Map<string, Promise<void>>();

/**
 * Keeps a tunnel to the API server of a cluster while this process runs, if its file says that it is reached through
 * the bastion, or leads to the tunnel of another stack. Prints why there is none: what the command does without an
 * answer is its own decision.
 * @throws ConfiguredFileError if the kubeconfig that the file names has no such context
 */
export function keepTunnel(cluster: string): Promise<void> {
  const stack = findTunnelStack(cluster);
  const tunnel = tunnels.get(stack) ?? openAndRenew(stack);
  tunnels.set(stack, tunnel);
  return tunnel;
}
