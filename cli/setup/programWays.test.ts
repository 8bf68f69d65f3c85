import { env } from "node:process";
import { isGoNewEnough } from "./goToolchain.ts";
import { isNewEnough } from "./programsOnPath.ts";
import { chooseProgramWays, describeProbes } from "./programWays.ts";
import { startVendorServer } from "./release/vendorServer.fixture.ts";

jest.mock("execa", () => ({ execa: jest.fn().mockResolvedValue({ stdout: "" }) }));

afterEach(() => {
  delete env["MIXCPT_RELEASES"];
});

describe("the ways to the programs", () => {
  it("are asked for once, without a body, and told in one line", async () => {
    const server = await startVendorServer();
    const lines: string[] = [];
    const ways = await chooseProgramWays(["coredns", "pause", "kueue"], (line) => lines.push(line));
    await server.close();
    expect(server.requests.sort()).toEqual([
      expect.stringMatching(/^HEAD github\.com\/coredns\/coredns\/releases\/download\/v\S+\.tgz\.sha256$/),
      expect.stringMatching(/^HEAD v2\/registry\.k8s\.io\/kueue\/kueue\/manifests\/v\S+$/),
    ]);
    expect(ways.size).toBe(0);
    expect(lines).toEqual([
      `setup: no official release is reachable (${new URL(server.address).host}: HTTP status 404); ` +
        "building from source",
    ]);
  });

  it("are not asked for if the user wants everything from source", async () => {
    env["MIXCPT_RELEASES"] = "none";
    const report = jest.fn();
    expect((await chooseProgramWays(["coredns"], report)).size).toBe(0);
    expect(report).not.toHaveBeenCalled();
  });

  it("cannot be a mirror without an address", async () => {
    env["MIXCPT_RELEASES"] = "mirror.example";
    await expect(chooseProgramWays(["coredns"], jest.fn())).rejects.toThrow(
      "MIXCPT_RELEASES: mirror.example is not allowed; set the base address of a mirror",
    );
  });

  it("differ by the servers that are reachable", () => {
    expect(
      describeProbes([
        { url: "https://dl.k8s.io/kubelet", result: { isReachable: true } },
        { url: "https://dl.k8s.io/kubectl", result: { isReachable: true } },
        { url: "https://github.com/etcd", result: { isReachable: false, reason: "no answer in 3 s" } },
        { url: "https://github.com/cni", result: { isReachable: false, reason: "no answer in 3 s" } },
      ]),
    ).toBe("setup: downloading 2 official releases; the others are built from source (github.com: no answer in 3 s)");
  });
});

describe("a program is new enough", () => {
  it.each([
    ["v3.259.0 for v3.259.0", true],
    ["v3.300.1 for v3.259.0", true],
    ["v3.258.9 for v3.259.0", false],
    ["v3.259.0 for v3.259.1", false],
    ["v4.0.0 for v3.259.0", false],
  ])("%s: %s", (versions, expected) => {
    const [version = "", pinned = ""] = versions.split(" for ");
    expect(isNewEnough(version, pinned, 0)).toBe(expected);
  });

  it("at most one minor version behind: kubectl", () => {
    expect(isNewEnough("v1.35.0", "v1.36.3", 1)).toBe(true);
    expect(isNewEnough("v1.34.9", "v1.36.3", 1)).toBe(false);
  });

  it.each([
    ["go version go1.26.8 linux/amd64", true],
    ["go version go1.27 linux/arm64", true],
    ["go version go1.25.9 linux/amd64", false],
    ["", false],
  ])("Go: %s: %s", (line, expected) => {
    expect(isGoNewEnough(line)).toBe(expected);
  });
});
