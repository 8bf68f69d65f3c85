import {
  countRemainingDays,
  describeAdministratorCertificate,
  readCertificateEnd,
} from "./administratorCertificate.ts";

/** Of openssl: CN=kubernetes-admin, valid until 2036-11-26 05:51:54 UTC. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBizCCATGgAwIBAgIUN48XP3tLILJelCY71+oSrQNTRggwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQa3ViZXJuZXRlcy1hZG1pbjAeFw0yNjExMjkwNTUxNTRaFw0z
NjExMjYwNTUxNTRaMBsxGTAXBgNVBAMMEGt1YmVybmV0ZXMtYWRtaW4wWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAATC7hH1kjqx5dlZq1zB52ik8/kI3Kc2GV7m9W5f
SDMdyc71TlrwysoY1dwho7WsWP/P2BoG5xtqvng5tmEIl7XRo1MwUTAdBgNVHQ4E
FgQUAaqa4VyHf9W0g/2GCK8rr/U0k1QwHwYDVR0jBBgwFoAUAaqa4VyHf9W0g/2G
CK8rr/U0k1QwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA4V7H
QvbH9WPrAYp+TIxlz967b8xp2Mf52jy4EvC9weoCIBoGUEwssJfybzrCMNJPea5z
nsHLOpjZJl3CAuZ9y9C6
-----END CERTIFICATE-----
`;

function buildKubeconfig(user: object): string {
  return JSON.stringify({ kind: "Config", users: [{ name: "kubernetes-admin", user }] });
}

describe("the certificate in a kubeconfig", () => {
  it("ends when X.509 says so", () => {
    const user = { "client-certificate-data": Buffer.from(certificate).toString("base64") };
    expect(readCertificateEnd(buildKubeconfig(user))).toEqual(new Date("2036-11-26T05:51:54Z"));
  });

  it.each([
    ["a token", buildKubeconfig({ token: "t" })],
    ["nothing", ""],
  ])("has no end where there is %s", (_, text) => {
    expect(readCertificateEnd(text)).toBeUndefined();
  });
});

describe("doctor", () => {
  const end = new Date("2027-11-29T05:00:00Z");

  it.each([
    ["2026-11-29T05:00:00Z", { observation: "valid until 2027-11-29, for 365 days" }],
    [
      "2027-10-30T05:00:00Z",
      { observation: "ends on 2027-11-29, in 30 days", remedy: expect.stringContaining("up rack") },
    ],
    ["2027-12-01T05:00:00Z", { observation: "ended on 2027-11-29", remedy: expect.stringContaining("up rack") }],
  ])("on %s tells how long the administrator's certificate is valid", (now, finding) => {
    expect(describeAdministratorCertificate("rack", end, new Date(now))).toEqual({
      subject: "certificate of cluster rack",
      ...finding,
    });
  });

  it("counts whole days, and negative ones after the end", () => {
    expect(countRemainingDays(end, new Date("2027-11-28T06:00:00Z"))).toBe(0);
    expect(countRemainingDays(end, new Date("2027-11-29T06:00:00Z"))).toBe(-1);
  });
});
