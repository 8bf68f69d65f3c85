/**
 * An `up` whose program and engine are both killed in the middle: what the next one finds and completes.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildConfigMapProgram, manyConfigMapsCount } from "../support/manyConfigMaps.ts";
import { listChildren, hasEnded, startProcess, waitUntil } from "../support/processes.ts";
import { startTestBed } from "../support/testBed.ts";
import type { TestBed } from "../support/testBed.ts";

jest.setTimeout(120_000);

let stage: TestBed;

beforeAll(async () => {
  stage = await startTestBed();
});

afterAll(() => stage?.close());

describe("an up that is killed", () => {
  it("is completed by the next one, whatever it had made and not recorded", async () => {
    const made = async () =>
      (
        (await stage.api.call("GET", "/api/v1/namespaces/default/configmaps")).body["items"] as {
          metadata: { name: string };
        }[]
      ).filter(({ metadata }) => metadata.name.startsWith("killed-")).length;
    const up = startProcess(
      process.execPath,
      ["tests/support/upAlone.ts", stage.engine.home, stage.api.kubeconfig],
      join(stage.engine.home, "killed.log"),
    );
    const ended = once(up, "exit");
    await waitUntil("some ConfigMaps are made", async () => (await made()) > 3 || up.exitCode !== null);
    expect([up.exitCode, readFileSync(join(stage.engine.home, "killed.log"), "utf8")]).toEqual([
      null,
      expect.any(String),
    ]);
    const engines = listChildren(up.pid ?? 0, "pulumi");
    engines.forEach((id) => process.kill(id, "SIGKILL"));
    up.kill("SIGKILL");
    await ended;
    await waitUntil("the engine has ended", () => engines.every(hasEnded));
    expect(await made()).toBeLessThan(manyConfigMapsCount);

    stage.engine.restoreState("killed");
    const stack = await stage.engine.selectStack("killed", buildConfigMapProgram(stage.api.kubeconfig));
    await stack.cancel();
    await stack.up();
    expect(await made()).toBe(manyConfigMapsCount);
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: manyConfigMapsCount + 2 });
    await stack.destroy();
    expect(await made()).toBe(0);
  });
});
