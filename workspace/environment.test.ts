import os, { tmpdir } from "node:os";
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
  const thisMachine = "127.0.0.1,localhost,::1";

  function mockDevices(devices: Record<string, string>): void {
    const interfaces = Object.entries(devices).map(([name, cidr]) => [name, [{ family: "IPv4", cidr }]] as const);
    jest.spyOn(os, "networkInterfaces").mockReturnValue(Object.fromEntries(interfaces) as never);
  }

  /** The variables of a process that bypasses the proxy of these variables. */
  function bypassProxyOf(variables: Record<string, string>, networks?: readonly string[]) {
    const { bypassProxy, buildChildEnvironment } = loadEnvironment({ ...variables });
    bypassProxy(networks);
    bypassProxy(networks);
    return buildChildEnvironment({});
  }

  it.each([
    [{}, { NO_PROXY: thisMachine, no_proxy: thisMachine }],
    [{ NO_PROXY: "a.example" }, { NO_PROXY: `a.example,${thisMachine}`, no_proxy: `a.example,${thisMachine}` }],
    [{ NO_PROXY: "", no_proxy: "b.example, localhost" }, { no_proxy: "b.example, localhost,127.0.0.1,localhost,::1" }],
    [{ NO_PROXY: "*" }, { NO_PROXY: "*", no_proxy: "*" }],
    [{ no_grpc_proxy: "c.example" }, { no_grpc_proxy: `c.example,${thisMachine}`, no_proxy: thisMachine }],
  ])("gets no request to this machine, however often that is asked for (%j)", (variables, expected) => {
    mockDevices({});
    expect(bypassProxyOf(variables)).toMatchObject(expected);
  });

  it("gets no request to local hosts that run or will be created, whatever their network", () => {
    mockDevices({ eth0: "192.168.1.7/24", mx0f12ab: "172.31.4.1/24", mxnet0: "10.1.0.1/16" });
    const { NO_PROXY } = bypassProxyOf({}, ["10.7.0.0/16"]);
    expect(NO_PROXY).toBe(`${thisMachine},172.31.4.1/24,10.7.0.0/16`);
  });
});

describe("resolvePulumiHome", () => {
  it("is the folder that PULUMI_HOME names, relative to the caller's folder", () => {
    const variables = { MIXCPT_CALLER_DIRECTORY: "/home/ada/work", PULUMI_HOME: "../pulumi" };
    expect(loadEnvironment(variables).resolvePulumiHome()).toBe("/home/ada/pulumi");
  });
});
