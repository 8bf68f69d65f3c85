/**
 * Commands of fresh clones with the real Pulumi engine and a real API server, in a backend that a team shares.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { ClonedCheckout } from "../support/clonedCheckout.ts";
import { recordCluster, recordUnfinishedCluster } from "../support/clusterRecord.ts";
import { expectSuccess } from "../support/mixcptCommand.ts";
import { waitUntil } from "../support/processes.ts";
import { trainJobsPath } from "../support/runCluster.ts";
import { createTeam } from "../support/team.ts";
import type { Team } from "../support/team.ts";

let team: Team;

/** Lists the stacks of a project in a file backend. */
function listStacks(folder: string, project: string): string[] {
  try {
    return readdirSync(join(folder, ".pulumi/stacks", project)).filter((file) => file.endsWith(".json"));
  } catch {
    return [];
  }
}

beforeAll(async () => {
  team = await createTeam();
});
afterAll(() => team.remove());

describe("a stack that nobody has submitted", () => {
  let clone: ClonedCheckout;
  beforeAll(() => {
    clone = team.makeClone();
  });
  afterEach(() => expect(listStacks(team.folder, "mixcpt")).toEqual([]));

  it.each([["watch"], ["explain", "Tiny-Mono-Stag"], ["report"], ["refresh"]])(
    "is not created by %s, which says so",
    async (verb, ...rest) => {
      const { exitCode, output } = await clone.run([verb, "mini", ...rest], { ...team.backend, ...team.proxy });
      expect(output).toMatch(/stack "mini" has submitted nothing yet; run .\/mixcpt up mini/);
      expect(exitCode).toBe(1);
    },
  );

  it("is previewed without being left in the backend", async () => {
    const { exitCode, output } = await clone.run(["preview", "mini"], { ...team.backend, ...team.proxy });
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/\d+ to create/)]);
  });

  it("is not left in the backend by a preview that Ctrl-C ends", async () => {
    const preview = clone.start(["preview", "mini"], team.backend);
    const exited = once(preview, "exit");
    await waitUntil("the preview has created the stack", () => listStacks(team.folder, "mixcpt").length > 0);
    process.kill(-(preview.pid ?? 0), "SIGINT");
    await exited;
  });

  it("has nothing to destroy", async () => {
    const { exitCode, output } = await clone.run(["destroy", "mini", "--yes"], { ...team.backend, ...team.proxy });
    expect([exitCode, output]).toEqual([0, "destroy mini: it has submitted nothing\n"]);
  });
});

describe("a stack that another clone has submitted", () => {
  let second: ClonedCheckout;
  const run = (...args: string[]) => second.run(args, { ...team.backend, ...team.proxy });

  beforeAll(async () => {
    const first = team.makeClone();
    const { exitCode, output } = await first.run(["up", "mini"], team.backend);
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/created/)]);
    second = team.makeClone();
  });

  it("can be planned with the scores on its cluster", async () => {
    const { exitCode, output } = await run("plan", "mini");
    expect(output).not.toMatch(/kubeconfig|could not/);
    expect(exitCode).toBe(0);
  });

  it("can be asked with kubectl, whose credentials come from the state", async () => {
    const args = ["kubectl", "--cluster", "lab", "--namespace", "mixcpt", "get", "trainjobs", "--output", "name"];
    expect(await run(...args)).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^trainjob/) as string });
    expect(readFileSync(join(second.folder, ".mixcpt/lab/kubeconfig"), "utf8")).toBe(team.api.kubeconfig);
  });

  it("is asked with the newest credentials in the state, whoever recorded them", async () => {
    const renewed = team.api.kubeconfig.replaceAll('"admin"', '"renewed"');
    const workDir = join(team.folder, "work");
    await recordCluster({ workDir, cluster: "lab", kubeconfig: renewed, variables: team.backend });
    expectSuccess(await run("explain", "mini", "Tiny-Mono-Stag"));
    expect(readFileSync(join(second.folder, ".mixcpt/lab/kubeconfig"), "utf8")).toBe(renewed);
    await recordCluster({ workDir, cluster: "lab", kubeconfig: team.api.kubeconfig, variables: team.backend });
  });

  it.each([["preview"], ["up"]])("is unchanged for %s", async (verb) => {
    const { exitCode, output } = await run(verb, "mini");
    expect(output).toMatch(/\d+ unchanged/);
    expect(output).not.toMatch(/created|changed,|to create|to update/);
    expect(exitCode).toBe(0);
  });

  it("can be reported", async () => {
    expectSuccess(await run("report", "mini", "--json"));
  });

  it("gets a run that was deleted by hand back with retry", async () => {
    const [training = ""] = await team.listTrainings();
    await team.api.call("DELETE", `${trainJobsPath}/${training}`);
    expectSuccess(await run("retry", "mini"));
    expect(await team.listTrainings()).toEqual([training]);
  });

  it("is removed by destroy", async () => {
    expectSuccess(await run("destroy", "mini", "--yes"));
    expect(await team.listTrainings()).toEqual([]);
  });
});

describe("a cluster in the backend of a team", () => {
  it("is not created by the removal of one that was never made", async () => {
    const clone = team.makeClone("/nowhere/kubeconfig", ["unmade"]);
    const { exitCode, output } = await clone.run(["cluster", "destroy", "unmade"], team.backend);
    expect(output).toMatch(/cluster destroy unmade: Pulumi's state records nothing to remove/);
    expect(exitCode).toBe(0);
    expect(listStacks(team.folder, "mixcpt-infra")).toEqual(["lab.json"]);
  });

  it("can be looked at with kubectl from any clone after its cluster up was killed", async () => {
    const { api, backend, folder } = team;
    const workDir = join(folder, "work");
    await recordUnfinishedCluster({ workDir, cluster: "killed", kubeconfig: api.kubeconfig, variables: backend });
    const clone = team.makeClone("/nowhere/kubeconfig", ["killed"]);
    const args = ["kubectl", "--cluster", "killed", "get", "namespaces", "--output", "name"];
    expect(await clone.run(args, backend)).toMatchObject({ exitCode: 0, output: expect.stringContaining("mixcpt") });
  });
});
