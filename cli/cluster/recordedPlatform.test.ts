import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { hasOtherBackend } from "../engine/backend.ts";
import { findRecordedStack } from "../engine/findRecordedStack.ts";
import { readStackResources } from "../engine/stackState.ts";
import { fetchPlatformResources, findEmulator, hasControllers } from "./recordedPlatform.ts";

jest.mock("../engine/backend.ts");
jest.mock("../engine/findRecordedStack.ts");
jest.mock("../engine/stackState.ts");

function record(type: string, name: string, outputs = {}) {
  return { urn: `urn:pulumi:lab::mixcpt-infra::${type}::${name}`, type, outputs };
}

const controllers = record("mixcpt:infra:Controllers", "controllers");

describe("the owner of the controllers", () => {
  const isOwner = async () => hasControllers(await fetchPlatformResources("lab"));
  const mockRecordedStack = (resources: readonly object[]) => {
    const exportStack = () => Promise.resolve({ version: 3, deployment: { resources } });
    jest.mocked(findRecordedStack).mockResolvedValue({ exportStack } as unknown as Stack);
  };

  it("is the stack whose state in this checkout has them", async () => {
    jest.mocked(hasOtherBackend).mockReturnValue(false);
    jest.mocked(readStackResources).mockReturnValueOnce([controllers]).mockReturnValueOnce([]);
    expect([await isOwner(), await isOwner()]).toEqual([true, false]);
  });

  it("is the stack whose state in another backend has them", async () => {
    jest.mocked(hasOtherBackend).mockReturnValue(true);
    mockRecordedStack([controllers]);
    expect(await isOwner()).toBe(true);
    mockRecordedStack([record("command:local:Command", "emulator-owner")]);
    expect(await isOwner()).toBe(false);
  });

  it("is not a stack that another backend does not have, or whose state cannot be read", async () => {
    jest.mocked(hasOtherBackend).mockReturnValue(true);
    jest.mocked(findRecordedStack).mockResolvedValueOnce(undefined).mockRejectedValueOnce(new Error("no pulumi"));
    expect([await isOwner(), await isOwner()]).toEqual([false, false]);
  });
});

describe("the owner of emulated devices", () => {
  it("is the id that the state of the stack has recorded", () => {
    const owner = record("command:local:Command", "emulator-owner", { stdout: "0123 ana@desk:/home/ana/mixcpt" });
    expect(findEmulator([owner], "lab")).toBe("mixcpt-infra/lab 0123 ana@desk:/home/ana/mixcpt");
  });

  it("is missing in a state that has never emulated any", () => {
    expect(findEmulator([controllers], "lab")).toBe(undefined);
  });
});
