import { buildPulumiEnvironment } from "./backend.ts";

jest.mock("./engineHome.ts", () => ({ prepareEngineHome: () => "/home/ada/engine" }));

function buildWith(variables: Record<string, string>): Record<string, string> {
  jest.replaceProperty(process, "env", { PULUMI_BACKEND_URL: "s3://team-state", PATH: "/usr/bin", ...variables });
  return buildPulumiEnvironment({ programs: ["/toolchain/bin"] });
}

afterEach(() => jest.restoreAllMocks());

describe("Pulumi on a team's backend", () => {
  it("records every step, also where the user's environment asks it to skip checkpoints", () => {
    const variables = { PULUMI_SKIP_CHECKPOINTS: "true", PULUMI_EXPERIMENTAL: "true" };
    expect(buildWith(variables)["PULUMI_SKIP_CHECKPOINTS"]).toBe("false");
  });

  it("compresses the state if the user's environment asks for that", () => {
    expect(buildWith({ PULUMI_DIY_BACKEND_ZSTD: "true" })).not.toHaveProperty("PULUMI_DIY_BACKEND_ZSTD");
  });
});
