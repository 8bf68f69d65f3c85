import { attestSbom, explainComplaint, findSignatureProblem, signImage } from "./imageSignatures.ts";
import type { SigningRunner } from "./signingPrograms.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));

const image = { reference: `registry.example/m/data@sha256:${"a".repeat(64)}`, isPlain: false };
const key = { reference: "awskms:///alias/mixcpt", env: {}, publicKey: "/tmp/cosign.pub" };

/** A cosign that fails with the given complaints, one call after another, and then succeeds. */
function complain(...complaints: string[]) {
  const calls: string[] = [];
  const run: SigningRunner = (program, args) => {
    calls.push([program, ...args].join(" "));
    const complaint = complaints.shift() ?? "";
    return Promise.resolve({ hasSucceeded: complaint === "", output: "", complaint });
  };
  return { calls, run };
}

describe("a signature", () => {
  it("is made without a transparency log, in the format that admission controllers read", async () => {
    const { calls, run } = complain();
    await signImage(image, { key, run });
    await attestSbom({ ...image, isPlain: true }, "/sbom.json", { key, run });
    for (const call of calls) expect(call).toContain("--yes --tlog-upload=false --use-signing-config=false");
    for (const call of calls) expect(call).toContain("--new-bundle-format=false");
    expect(calls[0]).toMatch(/^cosign sign .* --key awskms:\/\/\/alias\/mixcpt registry\.example\/m\/data@sha256:a+$/);
    expect(calls[0]).not.toContain("--allow-http-registry");
    expect(calls[1]).toMatch(/^cosign attest --type cyclonedx --predicate \/sbom\.json .*--allow-http-registry/);
  });

  it("that cannot be made is an error with cosign's sentence", async () => {
    const { run } = complain("WARNING: x\nerror during command execution: signing: no credentials\n");
    await expect(signImage(image, { key, run })).rejects.toThrow(
      `image ${image.reference}: cosign sign: signing: no credentials`,
    );
  });

  it("is looked for in the older format and then in the newer one, where an attestation is no signature", async () => {
    const { calls, run } = complain("Error: no signatures found");
    expect(await findSignatureProblem(image, { publicKey: "/k.pub", run })).toBeUndefined();
    expect(calls).toEqual([
      expect.stringMatching(/^cosign verify --new-bundle-format=false .*--key \/k\.pub/),
      expect.stringMatching(/^cosign verify-attestation --type https:\/\/sigstore\.dev\/cosign\/sign\/v1 /),
    ]);
  });

  it("that neither format has is missing, whatever attestations there are", async () => {
    const { run } = complain(
      "Error: no signatures found",
      "Error: none of the attestations matched the predicate type",
    );
    expect(await findSignatureProblem(image, { publicKey: "/k.pub", run })).toBe("has no signature by this key");
  });
});

// As cosign 3.1.3 wrote them.
it.each([
  ["error during command execution: no signatures found", "has no signature by this key"],
  [
    "Error: no matching signatures: invalid signature when validating ASN.1 encoded signature\nerror during command " +
      "execution: no matching signatures: invalid signature when validating ASN.1 encoded signature",
    "has no signature by this key",
  ],
  ["Error: no matching signatures: invalid or missing digest in claim: sha256:bb85", "has no signature by this key"],
  [
    "error during command execution: GET https://r.example/v2/m/data/manifests/sha256-bb85.sig: UNAUTHORIZED: x; map[]",
    "cannot be read: the registry wants another login (skopeo login)",
  ],
  [
    "error during command execution: GET https://r.example/v2/m/data: unexpected status code 403 Forbidden",
    "cannot be read: the registry wants another login (skopeo login)",
  ],
  [
    "error during command execution: loading public key: api error AccessDeniedException: not authorized",
    "cannot be verified: loading public key: api error AccessDeniedException: not authorized",
  ],
  [
    "error during command execution: loading public key: open /ops/lab.pub: permission denied",
    "cannot be verified: loading public key: open /ops/lab.pub: permission denied",
  ],
  [
    'error during command execution: Get "https://r.example/v2/": dial tcp: connection refused',
    'cannot be verified: Get "https://r.example/v2/": dial tcp: connection refused',
  ],
])("cosign's %p says that the image %s", (complaint, explanation) => {
  expect(explainComplaint(complaint)).toBe(explanation);
});
