import type * as fs from "node:fs";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type * as os from "node:os";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callerDirectory } from "../../workspace/environment.ts";
import { buildRenderCommand } from "./renderCommand.ts";

jest.mock("../../workspace/environment.ts", () => {
  const { mkdtempSync } = jest.requireActual<typeof fs>("node:fs");
  const { tmpdir } = jest.requireActual<typeof os>("node:os");
  return {
    ...jest.requireActual<object>("../../workspace/environment.ts"),
    callerDirectory: mkdtempSync(`${tmpdir()}/mixcpt-caller-`),
  };
});
jest.mock("../render/renderStackFiles.ts", () => ({
  renderStackFiles: () => new Map([["platform.yaml", "kind: Namespace\n"]]),
}));

const absolute = mkdtempSync(join(tmpdir(), "mixcpt-render-"));

afterAll(() => {
  for (const folder of [callerDirectory, absolute]) rmSync(folder, { recursive: true });
});

it.each([
  ["in the caller's folder for a relative path", "manifests", join(callerDirectory, "manifests")],
  ["in exactly the folder of an absolute path", absolute, absolute],
])("--out writes %s", async (_where, out, folder) => {
  await buildRenderCommand().parseAsync(["dev", "--out", out], { from: "user" });
  expect(readdirSync(join(folder, "dev"))).toEqual(["platform.yaml"]);
});

it("--out removes what an earlier render of the stack or of a cluster wrote there, and nothing else", async () => {
  const folder = join(absolute, "lab");
  mkdirSync(folder);
  writeFileSync(join(folder, "cell.yaml"), "# mixcpt render lab: Tiny-Mono-Sel\n");
  writeFileSync(join(folder, "2-platform.yaml"), "# mixcpt cluster render lab: platform\n");
  writeFileSync(join(folder, "own.yaml"), "# of the site\n");
  await buildRenderCommand().parseAsync(["lab", "--out", absolute], { from: "user" });
  expect(readdirSync(folder)).toEqual(["own.yaml", "platform.yaml"]);
});
