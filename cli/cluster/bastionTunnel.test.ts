import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { buildExistingClusterConfig } from "../../infra/existingCluster.fixture.ts";
import { buildMachine } from "../../infra/machines.fixture.ts";
import { leadThroughTunnel } from "../../infra/tunneledKubeconfig.ts";
import { readServerAddress } from "./refuseOtherEndpoint.ts";
import {
  buildTunnelEnvironment,
  findTunneledConfig,
  keepTunnel,
  renewTunnel,
  routeKubeconfig,
} from "./bastionTunnel.ts";
import { printErrorLine } from "../terminal/printLine.ts";
import { findClusterConfig } from "./readClusterConfig.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("../terminal/printLine.ts", () => ({ printErrorLine: jest.fn() }));
jest.mock("../engine/stackDeclarations.ts", () => ({
  listDeclaredStacks: () => ["lab", "lab-b", "shared"],
  formatStackFileName: (_project: string, stack: string) => `infra/Pulumi.${stack}.yaml`,
}));
jest.mock("./readClusterConfig.ts", () => ({ findClusterConfig: jest.fn() }));

const image = `registry.example/none@sha256:${"0".repeat(64)}`;
const bastion = { address: "gate.example", user: "ana", hostKey: "ssh-ed25519 AAAA", localPort: 16443 };

function parse(more: object): ClusterConfig {
  const cluster = {
    kind: "hosts",
    machines: [buildMachine(1)],
    devices: { gpu: "MI250X", devicesPerNode: 8 },
    store: { kind: "path", path: "/srv" },
    images: { data: image, llamaFactory: image, evaluate: image },
    ...more,
  };
  return parseClusterConfig(cluster, "infra/Pulumi.lab.yaml");
}

/** The variables of the script that opens the tunnel; undefined if there is none. */
async function readEnvironment(more: object): Promise<Record<string, string> | undefined> {
  jest.mocked(findClusterConfig).mockReturnValue(parse(more));
  const config = findTunneledConfig("lab");
  return config && (await buildTunnelEnvironment(config));
}

const kubeconfig = "clusters:\n- cluster:\n    server: https://10.0.0.1:6443\n  name: k\n";

describe("the tunnel through a bastion", () => {
  it("leads from a port of the loopback to the only control plane, or to the endpoint", async () => {
    expect(await readEnvironment({ bastion })).toMatchObject({
      BASTION_ADDRESS: "gate.example",
      BASTION_USER: "ana",
      BASTION_PORT: "22",
      TUNNEL: `127.0.0.1:16443:${buildMachine(1).address}:6443`,
    });
    const endpoint = { heldBy: "load-balancer", address: "api.example", port: 443 };
    expect(await readEnvironment({ bastion, endpoint })).toMatchObject({ TUNNEL: "127.0.0.1:16443:api.example:443" });
  });

  it("is opened with the keys of the agent on a machine that has no such key file", async () => {
    expect(await readEnvironment({ bastion, privateKeyFile: "/nowhere/key" })).toMatchObject({ PRIVATE_KEY: "" });
  });

  it("does not exist unless the file names a port, so that a cluster that is reached directly stays so", async () => {
    const { localPort, ...direct } = bastion;
    expect(localPort).toBe(16443);
    for (const more of [{}, { bastion: direct }]) {
      expect(await readEnvironment(more)).toBeUndefined();
      expect(routeKubeconfig("lab", kubeconfig)).toBe(kubeconfig);
    }
  });

  it("is where the kubeconfig of the checkout leads, whatever the state records", () => {
    jest.mocked(findClusterConfig).mockReturnValue(parse({ bastion }));
    expect(readServerAddress(routeKubeconfig("lab", kubeconfig))).toBe("127.0.0.1:16443");
    jest.mocked(findClusterConfig).mockReturnValue(undefined);
    expect(routeKubeconfig("deleted", kubeconfig)).toBe(kubeconfig);
  });

  it("is left again when the file no longer names a port", () => {
    jest.mocked(findClusterConfig).mockReturnValue(parse({ bastion }));
    const led = routeKubeconfig("lab", kubeconfig);
    for (const more of [{}, { endpoint: { heldBy: "load-balancer", address: "api.example", port: 443 } }]) {
      jest.mocked(findClusterConfig).mockReturnValue(parse(more));
      const direct = "endpoint" in more ? "api.example:443" : `${buildMachine(1).address}:6443`;
      expect(readServerAddress(routeKubeconfig("lab", led))).toBe(direct);
    }
  });
});

/** The lines about a tunnel that is opened while the script of ssh ends with this code. */
async function listComplaints(cluster: string, exitCode: number, files: Record<string, object>): Promise<string[]> {
  jest.mocked(printErrorLine).mockClear();
  jest.mocked(findClusterConfig).mockImplementation((name) => (files[name] ? parse(files[name]) : undefined));
  const ended = { failed: exitCode !== 0, exitCode, stderr: "Permission denied" };
  jest.mocked(execa).mockReturnValue(Promise.resolve(ended) as never);
  await keepTunnel(cluster);
  return jest.mocked(printErrorLine).mock.calls.map(([line]) => line);
}

describe("opening the tunnel", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it("is not tried again after the bastion refused the login, because fail2ban counts each", async () => {
    expect(await listComplaints("refused", 77, { refused: { bastion } })).toEqual([
      "cluster refused: no tunnel through the bastion ana@gate.example: Permission denied",
    ]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it("is tried again while the bastion does not answer, and after the connection was lost", async () => {
    for (const [cluster, code] of [
      ["silent", 1],
      ["open", 0],
    ] as const) {
      expect(await listComplaints(cluster, code, { [cluster]: { bastion } })).toHaveLength(code);
      expect(jest.getTimerCount()).toBe(1);
      jest.clearAllTimers();
    }
  });

  it("ends with the first refusal, and never runs twice at once", async () => {
    const outcomes = [undefined, { reason: "no route", isFinal: false }, { reason: "refused", isFinal: true }];
    const open = jest.fn(() => Promise.resolve(outcomes.shift()));
    renewTunnel(open);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(open).toHaveBeenCalledTimes(3);
  });

  it("is that of the stack whose port the kubeconfig of an existing cluster leads to", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mixcpt-tunnel-"));
    const kubeconfigFile = join(folder, "kubeconfig");
    const clusters = [{ name: "k", cluster: { server: "https://10.0.0.1:6443" } }];
    const contexts = [{ name: "c", context: { cluster: "k" } }];
    writeFileSync(
      kubeconfigFile,
      leadThroughTunnel(JSON.stringify({ contexts, clusters, "current-context": "c" }), 16500),
    );
    const led = { bastion: { ...bastion, localPort: 16500 } };
    jest.mocked(execa).mockClear();
    const existing = parseClusterConfig({ ...buildExistingClusterConfig(kubeconfigFile) }, "infra/Pulumi.team.yaml");
    const configs: Record<string, ClusterConfig> = { team: existing, shared: parse(led) };
    jest.mocked(findClusterConfig).mockImplementation((name) => configs[name]);
    jest.mocked(execa).mockReturnValue(Promise.resolve({ failed: false, exitCode: 0, stderr: "" }) as never);
    await keepTunnel("team");
    expect(jest.mocked(execa).mock.calls).toEqual([
      [
        "/bin/bash",
        expect.anything(),
        expect.objectContaining({
          env: expect.objectContaining({ TUNNEL: expect.stringMatching(/^127\.0\.0\.1:16500:/) }),
        }),
      ],
    ]);
    rmSync(folder, { recursive: true });
  });

  it("warns of another cluster with the same port", async () => {
    const other = { ...bastion, address: "other.example" };
    expect(await listComplaints("lab", 0, { lab: { bastion }, "lab-b": { bastion: other } })).toEqual([
      expect.stringContaining("infra/Pulumi.lab-b.yaml has localPort 16443, too"),
    ]);
    const apart = { bastion: { ...other, localPort: 16444 } };
    expect(await listComplaints("lab-b", 0, { lab: { bastion }, "lab-b": apart })).toEqual([]);
  });
});
