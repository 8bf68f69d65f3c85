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

describe("a proxy in the user's environment", () => {
  const thisMachine = "127.0.0.1,localhost,::1,10.89.0.0/16";

  it.each([
    [{}, { NO_PROXY: thisMachine, no_proxy: thisMachine }],
    [{ NO_PROXY: "a.example" }, { NO_PROXY: `a.example,${thisMachine}`, no_proxy: `a.example,${thisMachine}` }],
    [
      { NO_PROXY: "", no_proxy: "b.example, localhost" },
      { no_proxy: "b.example, localhost,127.0.0.1,localhost,::1,10.89.0.0/16" },
    ],
    [{ NO_PROXY: "*" }, { NO_PROXY: "*", no_proxy: "*" }],
    [{ no_grpc_proxy: "c.example" }, { no_grpc_proxy: `c.example,${thisMachine}`, no_proxy: thisMachine }],
  ])("gets no request to this machine (%j)", (variables, expected) => {
    const environmentVariables = { ...variables };
    const { bypassProxyForLoopback, buildChildEnvironment } = loadEnvironment(environmentVariables);
    expect(buildChildEnvironment({})).toMatchObject(expected);
    bypassProxyForLoopback();
    expect(environmentVariables).toMatchObject(expected);
  });

  it("is bypassed once, however often that is asked for", () => {
    const { bypassProxyForLoopback, buildChildEnvironment } = loadEnvironment({});
    bypassProxyForLoopback();
    expect(buildChildEnvironment({})).toEqual({ NO_PROXY: thisMachine, no_proxy: thisMachine });
  });
});

describe("resolvePulumiHome", () => {
  it("is the folder that PULUMI_HOME names, relative to the caller's folder", () => {
    const variables = { MIXCPT_CALLER_DIRECTORY: "/home/ada/work", PULUMI_HOME: "../pulumi" };
    expect(loadEnvironment(variables).resolvePulumiHome()).toBe("/home/ada/pulumi");
  });
});
