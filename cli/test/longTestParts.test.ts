import { checkChaosVariables } from "./longTestParts.ts";

jest.mock("./imageTests.ts", () => ({}));
jest.mock("./pythonTests.ts", () => ({}));
jest.mock("./testRunners.ts", () => ({}));
jest.mock("./versionTests.ts", () => ({}));

it("accepts whole numbers, and variables that are not set", () => {
  expect(() => checkChaosVariables({ MIXCPT_CHAOS_ROUNDS: "100", MIXCPT_CHAOS_SEED: undefined })).not.toThrow();
});

it("names every variable that is no whole number, with its value", () => {
  expect(() => checkChaosVariables({ MIXCPT_CHAOS_ROUNDS: "many", MIXCPT_CHAOS_SEED: "0" })).toThrow(
    'test: MIXCPT_CHAOS_ROUNDS = "many", MIXCPT_CHAOS_SEED = "0": must be a whole number of at least 1',
  );
});
