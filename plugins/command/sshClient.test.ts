import { buildConnectConfig, formatDestination, readDialLimits } from "./sshClient.ts";

it("a connection has the vendor's defaults", () => {
  expect(formatDestination({ host: "node-1" })).toBe("root@node-1:22");
  expect(readDialLimits({})).toEqual({ limit: 10, timeout: 15 });
  expect(readDialLimits({ dialErrorLimit: -1, perDialTimeout: 3 })).toEqual({ limit: -1, timeout: 3 });
});

it("uses the agent of whoever runs it only where the connection names none", () => {
  expect(buildConnectConfig({ host: "a" }, "/run/agent").agent).toBe("/run/agent");
  expect(buildConnectConfig({ host: "a", agentSocketPath: "/own" }, "/run/agent").agent).toBe("/own");
  expect(buildConnectConfig({ host: "a" }, undefined).agent).toBeUndefined();
});

it("lets in only the host key that is expected, where one is", () => {
  const verify = buildConnectConfig({ host: "a", hostKey: "ssh-ed25519 AAAA comment" }, undefined).hostVerifier as (
    key: Buffer,
  ) => boolean;
  expect(verify(Buffer.from("AAAA", "base64"))).toBe(true);
  expect(verify(Buffer.from("BBBB", "base64"))).toBe(false);
  expect(buildConnectConfig({ host: "a" }, undefined).hostVerifier).toBeUndefined();
});
