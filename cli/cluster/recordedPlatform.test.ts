import { findEmulator } from "./recordedPlatform.ts";

describe("the owner of emulated devices", () => {
  it("is the id that the state of the stack has recorded", () => {
    const urn = "urn:pulumi:lab::mixcpt-infra::command:local:Command::emulator-owner";
    const resource = { urn, type: "command:local:Command", outputs: { stdout: "0123 ana@desk:/home/ana/mixcpt" } };
    expect(findEmulator([resource], "lab")).toBe("mixcpt-infra/lab 0123 ana@desk:/home/ana/mixcpt");
  });

  it("is missing in a state that has never emulated any", () => {
    expect(findEmulator([], "lab")).toBe(undefined);
  });
});
