import { configOf, destination, diallingOf } from "./ssh.ts";

it("a connection has the vendor's defaults", () => {
  expect(destination({ host: "node-1" })).toBe("root@node-1:22");
  expect(diallingOf({})).toEqual({ limit: 10, timeout: 15 });
  expect(diallingOf({ dialErrorLimit: -1, perDialTimeout: 3 })).toEqual({ limit: -1, timeout: 3 });
});

it("uses the agent of whoever runs it only where the connection names none", () => {
  expect(configOf({ host: "a" }, "/run/agent").agent).toBe("/run/agent");
  expect(configOf({ host: "a", agentSocketPath: "/own" }, "/run/agent").agent).toBe("/own");
  expect(configOf({ host: "a" }, undefined).agent).toBeUndefined();
});

it("lets in only the host key that is expected, where one is", () => {
  const verify = configOf({ host: "a", hostKey: "ssh-ed25519 AAAA comment" }, undefined).hostVerifier as (key: Buffer) => boolean;
  expect(verify(Buffer.from("AAAA", "base64"))).toBe(true);
  expect(verify(Buffer.from("BBBB", "base64"))).toBe(false);
  expect(configOf({ host: "a" }, undefined).hostVerifier).toBeUndefined();
});
