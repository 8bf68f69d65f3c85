/**
 * Commands of fresh clones with the real Pulumi engine and a real API server, in the environments of users: a proxy
 * that does not answer, another project's passphrase, installed plugins.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClonedCheckout } from "../support/clonedCheckout.ts";
import { recordCluster } from "../support/clusterRecord.ts";
import { expectSuccess } from "../support/mixcptCommand.ts";
import { createTeam, miniStack } from "../support/team.ts";
import type { Team } from "../support/team.ts";

let team: Team;

beforeAll(async () => {
  team = await createTeam();
});
afterAll(() => team.remove());

describe("a checkout with its own state", () => {
  const otherProject = {
    PULUMI_CONFIG_PASSPHRASE: "of another project",
    PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere",
    PULUMI_DIY_BACKEND_ZSTD: "true",
    PULUMI_SELF_MANAGED_STATE_GZIP: "true",
  };
  let clone: ClonedCheckout;
  const runPulumi = (command: string) => clone.run(["pulumi", ...command.split(" "), "--stack", "mini"]);

  beforeAll(async () => {
    const kubeconfigFile = join(team.folder, "renewed-kubeconfig");
    writeFileSync(kubeconfigFile, team.api.kubeconfig);
    clone = team.makeClone(kubeconfigFile);
    await clone.run(["pulumi", "version"]);
    await recordCluster({
      workDir: join(team.folder, "own-work"),
      cluster: "lab",
      kubeconfig: team.api.kubeconfig.replace(/"token":"[^"]*"/, '"token":"expired"'),
      variables: {
        PULUMI_BACKEND_URL: `file://${clone.folder}/.mixcpt/pulumi`,
        PULUMI_CONFIG_PASSPHRASE_FILE: join(clone.folder, ".mixcpt/passphrase"),
      },
    });
  });

  it("submits with the renewed credentials of the kubeconfig's file, not with those in the state", async () => {
    expectSuccess(await clone.run(["up", "mini"], { ...otherProject, ...team.proxy }));
    expect(await team.listTrainings()).toHaveLength(1);
    expect(readFileSync(join(clone.folder, ".mixcpt/lab/kubeconfig"), "utf8")).toBe(team.api.kubeconfig);
  });

  it("keeps its state as its commands read it, also where the environment asks Pulumi to compress", () => {
    const files = readdirSync(join(clone.folder, ".mixcpt/pulumi/.pulumi/stacks/mixcpt"));
    expect(files.filter((file) => /\.(json|gz|zst)$/.test(file))).toEqual(["mini.json"]);
  });

  it("refreshes and destroys with renewed credentials, too", async () => {
    const file = join(team.folder, "state.json");
    await runPulumi(`stack export --show-secrets --file ${file}`);
    const state = readFileSync(file, "utf8");
    expect(state).toContain("test-admin");
    writeFileSync(file, state.replaceAll("test-admin", "expired"));
    await runPulumi(`stack import --file ${file}`);
    expectSuccess(await clone.run(["refresh", "mini"]));
    await runPulumi(`stack import --file ${file}`);
    expectSuccess(await clone.run(["destroy", "mini", "--yes"]));
    expect(await team.listTrainings()).toEqual([]);
  });

  it("decrypts its state with its own passphrase, whether or not another project's is in the environment", async () => {
    expectSuccess(await clone.run(["preview", "mini"]));
    expectSuccess(await clone.run(["preview", "mini"], otherProject));
  });

  it("accepts a stack file to which pulumi added the salt of another checkout's passphrase", async () => {
    const encryptionsalt = "v1:DCN2srOrMsE=:v1:D5cXisTcD00s9HSa:QEe8G7H0QCY2YdS1Q+ODEwx4huEJ9A==";
    clone.writeYaml("Pulumi.mini.yaml", { config: miniStack, encryptionsalt });
    expectSuccess(await clone.run(["preview", "mini"]));
  });

  it("does not destroy what is protected in the state", async () => {
    expectSuccess(await clone.run(["up", "mini"]));
    expectSuccess(await runPulumi("state protect --all --yes"));
    const { exitCode, output } = await clone.run(["destroy", "mini", "--yes"]);
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/protected/)]);
    expect(await team.listTrainings()).toHaveLength(1);
    await runPulumi("state unprotect --all --yes");
    expectSuccess(await clone.run(["destroy", "mini", "--yes"]));
  });
});

describe("a vendor's plugin in PULUMI_HOME", () => {
  let pulumiHome: string;
  let traces: string;
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
    const { exitCode, output } = await clone.run(["preview", "mini"], { ...team.backend, PULUMI_HOME: pulumiHome });
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/\d+ to create/)]);
    return [...new Set(readFileSync(traces, "utf8").split("\n"))].filter((line) => line !== "");
  }

  beforeAll(() => {
    pulumiHome = join(team.folder, "pulumi-home");
    traces = join(team.folder, "plugin-traces");
    clone = team.makeClone();
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
