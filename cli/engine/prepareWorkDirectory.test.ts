import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareWorkDirectory } from "./prepareWorkDirectory.ts";

const mockFolder = mkdtempSync(join(tmpdir(), "mixcpt-work-"));

jest.mock("../../workspace/environment.ts", () => ({
  get stateDirectory() {
    return join(mockFolder, ".mixcpt");
  },
}));

afterAll(() => rmSync(mockFolder, { recursive: true }));

const project = "name: mixcpt\nruntime: nodejs\nmain: stacks/index.ts\n";

function prepare(stackFile: string): string {
  const directory = join(mockFolder, "checkout");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "Pulumi.yaml"), project);
  writeFileSync(join(directory, "Pulumi.dev.yaml"), stackFile);
  return prepareWorkDirectory("mixcpt", { directory, stack: "dev" });
}

it("copies the project without its program, and the stack without a salt that encrypts nothing", () => {
  const work = prepare("encryptionsalt: v1:x\nconfig:\n  mixcpt:family: tiny\n");
  expect(readFileSync(join(work, "Pulumi.yaml"), "utf8")).toBe("name: mixcpt\nruntime: nodejs\n");
  expect(readFileSync(join(work, "Pulumi.dev.yaml"), "utf8")).toBe("config:\n  mixcpt:family: tiny\n");
});

it.each(["Pulumi.yaml", "Pulumi.dev.yaml"])("cuts off no %s that another command reads", (name) => {
  const work = prepare("config:\n  mixcpt:family: tiny\n");
  const earlier = readFileSync(join(work, name), "utf8");
  const opened = openSync(join(work, name), "r");
  prepare("config: {}\n");
  expect(readFileSync(opened, "utf8")).toBe(earlier);
  closeSync(opened);
});
