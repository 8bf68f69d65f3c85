import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { resolveProgramsFolder } from "../../cli/setup/goPrograms.ts";
import type { KubernetesObject } from "../../infra/platform/controllerManifests.ts";
import { addFairSharing } from "../../infra/platform/fairSharing.ts";
import type { ControllerName } from "../../workspace/toolchain.ts";
import type { ApiServer } from "./apiServer.ts";
import {
  createCertificateSecret,
  makeCertificate,
  redirectConversions,
  registerWebhooks,
} from "./controllerWebhooks.ts";
import { findFreePorts, startProcess, stopProcess, waitUntil } from "./processes.ts";
import { findOtherProgram, findProgram, readControllerManifests } from "./toolchainPrograms.ts";

const controllerNames = ["kueue", "jobset", "trainer"] as const;

/** Where controllers look for their certificates, below the folder of temporary files. */
const certificateFolder = "k8s-webhook-server/serving-certs";

interface ControllerPorts {
  readonly webhook: number;
  readonly health: number;
  readonly metrics: number;
  readonly further: number;
}

export interface ControllerSettings {
  /** True if Kueue counts the weights of queues, as an install with a weight configures it. */
  readonly sharesFairly?: boolean;
  /** False for a Kueue without the integration of pods. */
  readonly queuesPods?: boolean;
}

interface ProgramSettings extends ControllerSettings {
  readonly ports: ControllerPorts;
  /** Folder of the program's files. */
  readonly home: string;
}

/** Kueue, JobSet, Trainer and kube-scheduler as processes of this machine, with their webhooks on loopback. */
export interface ControllerPrograms {
  /** Ends a controller; its webhooks stay registered and are no longer answered. */
  stopController(name: ControllerName): Promise<void>;
  startController(name: ControllerName): Promise<void>;
  /** The port at which a controller serves its metrics. */
  getMetricsPort(name: ControllerName): number;
  /** The last lines of each program's log. */
  readLogTails(): string;
  stop(): Promise<void>;
}

interface ConfigObject extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

function findControllerProgram(name: ControllerName): string {
  return findOtherProgram(name) ?? join(resolveProgramsFolder(name), name);
}

interface PublishedConfig extends Readonly<Record<string, object | undefined>> {
  readonly integrations?: { readonly frameworks?: readonly string[] };
}

/** Administrators must enable `pod`: the manifests of Kueue 0.15 leave it out, those of 0.18 do not. */
function selectFrameworks(frameworks: readonly string[] = [], queuesPods = true): string[] {
  // those of these sets of pods need that of pods
  const withoutPods = frameworks.filter((name) => !/^(pod|deployment|statefulset|leaderworkerset.*)$/.test(name));
  return queuesPods ? [...new Set([...frameworks, "pod"])] : withoutPods;
}

/**
 * Settings of one controller. Kueue reads a certificate for its metrics from a fixed path unless it manages its
 * certificates, so it manages those in the Secret of `createCertificateSecret`. Its server of visibility runs only
 * inside a cluster.
 */
const ownSettings: Readonly<Record<ControllerName, (settings: ProgramSettings, published: PublishedConfig) => object>> =
  {
    kueue: ({ queuesPods }, { integrations }) => ({
      featureGates: { VisibilityOnDemand: false },
      integrations: { ...integrations, frameworks: selectFrameworks(integrations?.frameworks, queuesPods) },
    }),
    jobset: () => ({ internalCertManagement: { enable: false } }),
    trainer: ({ ports }) => ({ certManagement: { enable: false }, statusServer: { port: ports.further } }),
  };

/** The configuration of a controller's own manifests, with free ports and a certificate that is given. */
function buildControllerConfig(name: ControllerName, settings: ProgramSettings): object {
  const { ports, home, sharesFairly } = settings;
  const certificates = name === "trainer" ? {} : { certDir: join(home, certificateFolder) };
  const map = readControllerManifests<ConfigObject>(name).find(
    ({ kind, data }) => kind === "ConfigMap" && data !== undefined,
  );
  const text = map?.data?.["controller_manager_config.yaml"] ?? "";
  const published = load(name === "kueue" && sharesFairly ? addFairSharing(text) : text) as PublishedConfig;
  return {
    ...published,
    health: { ...published["health"], healthProbeBindAddress: `127.0.0.1:${String(ports.health)}` },
    metrics: { ...published["metrics"], bindAddress: `127.0.0.1:${String(ports.metrics)}` },
    webhook: { ...published["webhook"], host: "127.0.0.1", port: ports.webhook, ...certificates },
    leaderElection: { ...published["leaderElection"], leaderElect: false },
    ...ownSettings[name](settings, published),
  };
}

async function isAnswering(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${String(port)}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function startScheduler(home: string): ChildProcess {
  const flags = [`--kubeconfig=${join(home, "kubeconfig")}`, "--leader-elect=false", "--secure-port=0"];
  return startProcess(findProgram("kube-scheduler"), flags, join(home, "scheduler.log"));
}

/** Starts the programs for an API server that has their kinds. */
export async function startControllerPrograms(
  api: ApiServer,
  settings: ControllerSettings = {},
): Promise<ControllerPrograms> {
  const home = mkdtempSync(join(tmpdir(), "mixcpt-controllers-"));
  const folder = join(home, certificateFolder);
  writeFileSync(join(home, "kubeconfig"), api.kubeconfig);
  const caBundle = makeCertificate(folder);
  for (const name of ["kueue-system", "jobset-system", "kubeflow-system"])
    await api.call("POST", "/api/v1/namespaces", { metadata: { name } });
  await createCertificateSecret(api, folder);
  const programs = createPrograms(home, settings);
  try {
    for (const name of controllerNames) {
      const [webhook = 0, health = 0, metrics = 0, further = 0] = await findFreePorts(4);
      programs.configure(name, { webhook, health, metrics, further });
      await registerWebhooks(api, name, { port: webhook, caBundle });
      if (name === "kueue") await redirectConversions(api, { port: webhook, caBundle });
      await programs.startController(name);
    }
    return programs;
  } catch (error) {
    const tails = programs.readLogTails();
    await programs.stop();
    throw new Error(`${String(error)}\n${tails}`);
  }
}

function readLogTail(file: string): string {
  return readFileSync(file, "utf8").split("\n").slice(-8).join("\n");
}

function createPrograms(home: string, settings: ControllerSettings) {
  const running = new Map<string, ChildProcess>([["scheduler", startScheduler(home)]]);
  const portsByName = new Map<ControllerName, ControllerPorts>();
  const formatConfigPath = (name: ControllerName) => join(home, `${name}.json`);
  return {
    configure: (name: ControllerName, ports: ControllerPorts) => {
      portsByName.set(name, ports);
      writeFileSync(formatConfigPath(name), JSON.stringify(buildControllerConfig(name, { ports, home, ...settings })));
    },
    startController: async (name: ControllerName) => {
      // the folder of the certificate is in the folder of temporary files
      const variables = [`KUBECONFIG=${join(home, "kubeconfig")}`, `TMPDIR=${home}`];
      const program = [findControllerProgram(name), `--config=${formatConfigPath(name)}`];
      const child = startProcess("env", [...variables, ...program], join(home, `${name}.log`));
      running.set(name, child);
      const isReady = async (): Promise<boolean> => {
        if (child.exitCode !== null) throw new Error(`${name} exited with code ${String(child.exitCode)}`);
        return isAnswering(portsByName.get(name)?.health ?? 0);
      };
      await waitUntil(`${name} is ready`, isReady, 120);
    },
    stopController: async (name: ControllerName) => {
      const child = running.get(name);
      if (child !== undefined) await stopProcess(child);
    },
    getMetricsPort: (name: ControllerName) => portsByName.get(name)?.metrics ?? 0,
    readLogTails: () =>
      [...running.keys()].map((name) => `${name}:\n${readLogTail(join(home, `${name}.log`))}`).join("\n"),
    stop: async () => {
      for (const child of running.values()) await stopProcess(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
