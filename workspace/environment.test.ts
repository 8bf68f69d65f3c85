import { tmpdir } from "node:os";
import type * as environment from "./environment.ts";

type Environment = typeof environment;

/** Loads the module with the given variables: it reads the caller's folder when it is loaded. */
function loadEnvironment(variables: Record<string, string>): Environment {
  jest.replaceProperty(process, "env", variables);
  let loaded: Environment | undefined;
  jest.isolateModules(() => {
    loaded = jest.requireActual<Environment>("./environment.ts");
  });
  return loaded as Environment;
}

afterEach(() => jest.restoreAllMocks());

describe("callerDirectory", () => {
  it("is the folder that ./mixcpt passes on", () => {
    expect(loadEnvironment({ MIXCPT_CALLER_DIRECTORY: tmpdir() }).callerDirectory).toBe(tmpdir());
  });

  it("is the working directory without ./mixcpt", () => {
    expect(loadEnvironment({}).callerDirectory).toBe(process.cwd());
  });
});
