/**
 * A real Pulumi engine and a real API server: an `up` whose program and engine are both killed, and the next `up`.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildConfigMapProgram, manyConfigMapsCount } from "../support/manyConfigMaps.ts";
import { listChildren, hasEnded, startProcess, waitUntil } from "../support/processes.ts";
import { useTestBed } from "../support/testBed.ts";

const testBed = useTestBed();

describe("an up that is killed", () => {
  it("is completed by the next one, including objects that it created but did not record", async () => {
    const countConfigMaps = async () =>
      (
        (await testBed.api.call("GET", "/api/v1/namespaces/default/configmaps")).body["items"] as {
          metadata: { name: string };
        }[]
      ).filter(({ metadata }) => metadata.name.startsWith("killed-")).length;
    const up = startProcess(
      process.execPath,
      ["tests/support/singleUp.ts", testBed.engine.home, testBed.api.kubeconfig],
      join(testBed.engine.home, "killed.log"),
    );
    const exited = once(up, "exit");
    await waitUntil("some ConfigMaps exist", async () => (await countConfigMaps()) > 3 || up.exitCode !== null);
    expect([up.exitCode, readFileSync(join(testBed.engine.home, "killed.log"), "utf8")]).toEqual([
      null,
      expect.any(String),
    ]);
    const engines = listChildren(up.pid ?? 0, "pulumi");
    expect(engines).not.toEqual([]);
    engines.forEach((id) => process.kill(id, "SIGKILL"));
    up.kill("SIGKILL");
    await exited;
    await waitUntil("the engine has ended", () => engines.every(hasEnded));
    expect(await countConfigMaps()).toBeLessThan(manyConfigMapsCount);
    // a kill may also fall between the creation of a file of attributes and its writing, which is seldom
    writeFileSync(join(testBed.engine.home, "state/.pulumi/stacks/engine-test/killed.json.attrs"), "");
    testBed.engine.repairState();
    const stack = await testBed.engine.selectStack("killed", buildConfigMapProgram(testBed.api.kubeconfig));
    await stack.cancel();
    await stack.up();
    expect(await countConfigMaps()).toBe(manyConfigMapsCount);
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: manyConfigMapsCount + 2 });
    await stack.destroy();
    expect(await countConfigMaps()).toBe(0);
  });
});
