/**
 * Commands of fresh clones with the real Pulumi engine and a real API server: a backend that a team shares, and the
 * environments of users. All of them have a proxy that does not answer.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiServer } from "../support/apiServer.ts";
import { cloneCheckout } from "../support/clonedCheckout.ts";
import type { ClonedCheckout } from "../support/clonedCheckout.ts";
import { recordCluster, recordedImages } from "../support/clusterRecord.ts";
import { findFreePorts, waitUntil } from "../support/processes.ts";
import { startRunCluster, trainJobsPath } from "../support/runCluster.ts";

jest.setTimeout(300_000);

const home = mkdtempSync(join(tmpdir(), "mixcpt-team-"));
const backend = { PULUMI_BACKEND_URL: `file://${home}`, PULUMI_CONFIG_PASSPHRASE: "of the team" };
const miniStack = {
  "mixcpt:family": "tiny",
  "mixcpt:protocol": "miniature",
  "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] },
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
  "mixcpt:cluster": "lab",
};

function labCluster(kubeconfigFile: string) {
  return {
    kind: "existing",
    kubeconfigFile,
    nodes: 2,
    devices: { gpu: "MI250X", devicesPerNode: 2, emulated: true },
    store: { kind: "path", path: "/store" },
    images: recordedImages,
  };
}

let api: ApiServer;
let proxy: Record<string, string>;
const clones: ClonedCheckout[] = [];

function makeClone(kubeconfigFile = "/nowhere/kubeconfig"): ClonedCheckout {
  const clone = cloneCheckout();
  clone.writeYaml("Pulumi.mini.yaml", { config: miniStack });
  clone.writeYaml("infra/Pulumi.lab.yaml", { config: { "mixcpt-infra:cluster": labCluster(kubeconfigFile) } });
  clones.push(clone);
  return clone;
}

/** Lists the stacks of a project in a file backend. */
function listStacks(folder: string, project: string): string[] {
  try {
    return readdirSync(join(folder, ".pulumi/stacks", project)).filter((file) => file.endsWith(".json"));
  } catch {
    return [];
  }
}

async function listTrainings(): Promise<string[]> {
  const { body } = await api.call("GET", trainJobsPath);
  return (body["items"] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
}

beforeAll(async () => {
  api = await startRunCluster();
  const [closedPort = 0] = await findFreePorts(1);
  const url = `http://127.0.0.1:${closedPort}`;
  proxy = { http_proxy: url, https_proxy: url, HTTP_PROXY: url, HTTPS_PROXY: url };
  const workDir = join(home, "work");
  await recordCluster({ workDir, cluster: "lab", kubeconfig: api.kubeconfig, variables: backend });
});

afterAll(async () => {
  for (const clone of clones) clone.remove();
  rmSync(home, { recursive: true, force: true });
  await api.stop();
});

describe("a stack that nobody has submitted", () => {
  let clone: ClonedCheckout;
  beforeAll(() => {
    clone = makeClone();
  });
  afterEach(() => expect(listStacks(home, "mixcpt")).toEqual([]));

  it.each([["watch"], ["explain", "Tiny-Mono-Stag"], ["report"], ["refresh"]])(
    "is not created by %s, which says so",
    async (verb, ...rest) => {
      const { exitCode, output } = await clone.run([verb, "mini", ...rest], { ...backend, ...proxy });
      expect(output).toMatch(/stack "mini" has submitted nothing yet; run .\/mixcpt up mini/);
      expect(exitCode).toBe(1);
    },
  );

  it("is previewed without being left in the backend", async () => {
    const { exitCode, output } = await clone.run(["preview", "mini"], { ...backend, ...proxy });
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/\d+ to create/)]);
  });

  it("is not left in the backend by a preview that Ctrl-C ends", async () => {
    const preview = clone.start(["preview", "mini"], backend);
    const exited = once(preview, "exit");
    await waitUntil("the preview has created the stack", () => listStacks(home, "mixcpt").length > 0);
    process.kill(-(preview.pid ?? 0), "SIGINT");
    await exited;
  });

  it("has nothing to destroy", async () => {
    const { exitCode, output } = await clone.run(["destroy", "mini", "--yes"], { ...backend, ...proxy });
    expect([exitCode, output]).toEqual([0, "destroy mini: it has submitted nothing\n"]);
  });
});

describe("a stack that another clone has submitted", () => {
  let second: ClonedCheckout;
  const run = (...args: string[]) => second.run(args, { ...backend, ...proxy });

  beforeAll(async () => {
    const first = makeClone();
    const { exitCode, output } = await first.run(["up", "mini"], backend);
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/created/)]);
    second = makeClone();
  });

  it("can be planned with the scores on its cluster", async () => {
    const { exitCode, output } = await run("plan", "mini");
    expect(output).not.toMatch(/kubeconfig|could not/);
    expect(exitCode).toBe(0);
  });

  it("can be asked with kubectl, whose credentials come from the state", async () => {
    const args = ["kubectl", "--cluster", "lab", "--namespace", "mixcpt", "get", "trainjobs", "--output", "name"];
    expect(await run(...args)).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^trainjob/) as string });
    expect(readFileSync(join(second.folder, ".mixcpt/lab/kubeconfig"), "utf8")).toBe(api.kubeconfig);
  });

  it("is asked with the newest credentials in the state, whoever recorded them", async () => {
    const renewed = api.kubeconfig.replaceAll('"admin"', '"renewed"');
    const workDir = join(home, "work");
    await recordCluster({ workDir, cluster: "lab", kubeconfig: renewed, variables: backend });
    expect(await run("explain", "mini", "Tiny-Mono-Stag")).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(second.folder, ".mixcpt/lab/kubeconfig"), "utf8")).toBe(renewed);
    await recordCluster({ workDir, cluster: "lab", kubeconfig: api.kubeconfig, variables: backend });
  });

  it.each([["preview"], ["up"]])("is unchanged for %s", async (verb) => {
    const { exitCode, output } = await run(verb, "mini");
    expect(output).toMatch(/\d+ unchanged/);
    expect(output).not.toMatch(/created|changed,|to create|to update/);
    expect(exitCode).toBe(0);
  });

  it("can be reported", async () => {
    expect(await run("report", "mini", "--json")).toMatchObject({ exitCode: 0 });
  });

  it("gets a run that was deleted by hand back with retry", async () => {
    const [training = ""] = await listTrainings();
    await api.call("DELETE", `${trainJobsPath}/${training}`);
    expect(await run("retry", "mini")).toMatchObject({ exitCode: 0 });
    expect(await listTrainings()).toEqual([training]);
  });

  it("is removed by destroy", async () => {
    expect(await run("destroy", "mini", "--yes")).toMatchObject({ exitCode: 0 });
    expect(await listTrainings()).toEqual([]);
  });
});

describe("a checkout with its own state", () => {
  const otherProject = { PULUMI_CONFIG_PASSPHRASE: "of another project", PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere" };
  let clone: ClonedCheckout;
  const runPulumi = (command: string) => clone.run(["pulumi", ...command.split(" "), "--stack", "mini"]);

  beforeAll(async () => {
    const kubeconfigFile = join(home, "renewed-kubeconfig");
    writeFileSync(kubeconfigFile, api.kubeconfig);
    clone = makeClone(kubeconfigFile);
    await clone.run(["pulumi", "version"]);
    await recordCluster({
      workDir: join(home, "own-work"),
      cluster: "lab",
      kubeconfig: api.kubeconfig.replace(/"token":"[^"]*"/, '"token":"expired"'),
      variables: {
        PULUMI_BACKEND_URL: `file://${clone.folder}/.mixcpt/pulumi`,
        PULUMI_CONFIG_PASSPHRASE_FILE: join(clone.folder, ".mixcpt/passphrase"),
      },
    });
  });

  it("submits with the renewed credentials of the kubeconfig's file, not with those in the state", async () => {
    expect(await clone.run(["up", "mini"], { ...otherProject, ...proxy })).toMatchObject({ exitCode: 0 });
    expect(await listTrainings()).toHaveLength(1);
    expect(readFileSync(join(clone.folder, ".mixcpt/lab/kubeconfig"), "utf8")).toBe(api.kubeconfig);
  });

  it("refreshes and destroys with renewed credentials, too", async () => {
    const file = join(home, "state.json");
    await runPulumi(`stack export --show-secrets --file ${file}`);
    const state = readFileSync(file, "utf8");
    expect(state).toContain("test-admin");
    writeFileSync(file, state.replaceAll("test-admin", "expired"));
    await runPulumi(`stack import --file ${file}`);
    expect(await clone.run(["refresh", "mini"])).toMatchObject({ exitCode: 0 });
    await runPulumi(`stack import --file ${file}`);
    expect(await clone.run(["destroy", "mini", "--yes"])).toMatchObject({ exitCode: 0 });
    expect(await listTrainings()).toEqual([]);
  });

  it("decrypts its state with its own passphrase, whether or not another project's is in the environment", async () => {
    expect(await clone.run(["preview", "mini"])).toMatchObject({ exitCode: 0 });
    expect(await clone.run(["preview", "mini"], otherProject)).toMatchObject({ exitCode: 0 });
  });

  it("accepts a stack file to which pulumi added the salt of another checkout's passphrase", async () => {
    const encryptionsalt = "v1:DCN2srOrMsE=:v1:D5cXisTcD00s9HSa:QEe8G7H0QCY2YdS1Q+ODEwx4huEJ9A==";
    clone.writeYaml("Pulumi.mini.yaml", { config: miniStack, encryptionsalt });
    expect(await clone.run(["preview", "mini"])).toMatchObject({ exitCode: 0 });
  });

  it("does not destroy what is protected in the state", async () => {
    expect(await clone.run(["up", "mini"])).toMatchObject({ exitCode: 0 });
    expect(await runPulumi("state protect --all --yes")).toMatchObject({ exitCode: 0 });
    const { exitCode, output } = await clone.run(["destroy", "mini", "--yes"]);
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/protected/)]);
    expect(await listTrainings()).toHaveLength(1);
    await runPulumi("state unprotect --all --yes");
    expect(await clone.run(["destroy", "mini", "--yes"])).toMatchObject({ exitCode: 0 });
  });
});

describe("a vendor's plugin in PULUMI_HOME", () => {
  const pulumiHome = join(home, "pulumi-home");
  const traces = join(home, "plugin-traces");
  let clone: ClonedCheckout;

  /** Installs a plugin that leaves a trace and then does what the stand-in does. */
  function installPlugin(version: string): void {
    const folder = join(pulumiHome, "plugins", `resource-kubernetes-v${version}`);
    mkdirSync(folder, { recursive: true });
    const standIn = join(clone.folder, "plugins/bin/pulumi-resource-kubernetes");
    const script = `#!/bin/sh\necho ${version} >>${traces}\nexec ${standIn} "$@"\n`;
    writeFileSync(join(folder, "pulumi-resource-kubernetes"), script, { mode: 0o755 });
  }

  /** Previews a stack of a shared backend, and returns the versions of the installed plugins that it started. */
  async function previewWithPlugins(): Promise<string[]> {
    writeFileSync(traces, "");
    const { exitCode, output } = await clone.run(["preview", "mini"], { ...backend, PULUMI_HOME: pulumiHome });
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/\d+ to create/)]);
    return [...new Set(readFileSync(traces, "utf8").split("\n"))].filter((line) => line !== "");
  }

  beforeAll(() => {
    clone = makeClone();
  });

  it("is left alone if it is older than package.json says, and nothing is downloaded", async () => {
    installPlugin("4.0.0");
    expect(await previewWithPlugins()).toEqual([]);
  });

  it("is used if it is compatible, whatever else is installed", async () => {
    installPlugin("4.999.0");
    expect(await previewWithPlugins()).toEqual(["4.999.0"]);
  });
});
