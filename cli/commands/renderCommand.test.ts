import type * as fs from "node:fs";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
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
  renderedFileMark: "# rendered",
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
