import { buildConnectConfig, formatDestination, readDialLimits } from "./sshClient.ts";

it("applies the vendor's defaults to a connection", () => {
  expect(formatDestination({ host: "node-1" })).toBe("root@node-1:22");
  expect(readDialLimits({})).toEqual({ limit: 10, timeout: 15 });
  expect(readDialLimits({ dialErrorLimit: -1, perDialTimeout: 3 })).toEqual({ limit: -1, timeout: 3 });
});

it("uses the SSH agent of the environment only if the connection names none", () => {
  expect(buildConnectConfig({ host: "a" }, "/run/agent").agent).toBe("/run/agent");
  expect(buildConnectConfig({ host: "a", agentSocketPath: "/own" }, "/run/agent").agent).toBe("/own");
  expect(buildConnectConfig({ host: "a" }, undefined).agent).toBeUndefined();
});

it("accepts only the expected host key, if one is configured", () => {
  const verify = buildConnectConfig({ host: "a", hostKey: "ssh-ed25519 AAAA comment" }, undefined).hostVerifier as (
    key: Buffer,
  ) => boolean;
  expect(verify(Buffer.from("AAAA", "base64"))).toBe(true);
  expect(verify(Buffer.from("BBBB", "base64"))).toBe(false);
  expect(buildConnectConfig({ host: "a" }, undefined).hostVerifier).toBeUndefined();
});
