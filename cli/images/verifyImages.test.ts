import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { buildExistingClusterConfig } from "../../infra/existingCluster.fixture.ts";
import type { SigningRunner } from "./signingPrograms.ts";
import { listUnsignedImages, refuseUnsignedImages } from "./verifyImages.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));

const digest = `sha256:${"a".repeat(64)}`;
const publicKey = "awskms:///alias/lab";
const images = {
  data: `registry.example/data@${digest}`,
  llamaFactory: `registry.example/train@${digest}`,
  evaluate: `registry.example/evaluate@${digest}`,
};

function parseImages(declared: object | undefined) {
  return parseClusterConfig(
    { ...buildExistingClusterConfig("/kubeconfig"), images: declared },
    "infra/Pulumi.lab.yaml",
  );
}

/** cosign's answer for each image; it accepts those without one. */
function answer(complaints: Readonly<Record<string, string>>): jest.MockedFunction<SigningRunner> {
  return jest.fn<ReturnType<SigningRunner>, Parameters<SigningRunner>>((_program, _args, { reference }) => {
    const complaint = complaints[reference] ?? "";
    return Promise.resolve({ hasSucceeded: complaint === "", output: "", complaint });
  });
}

describe("cluster up with a public key", () => {
  it("takes images that the key has signed, and asks once about one that is used twice", async () => {
    const run = answer({});
    await refuseUnsignedImages("lab", parseImages({ ...images, publicKey }), run);
    expect(run).toHaveBeenCalledTimes(3);
    for (const [, args] of run.mock.calls) expect(args).toEqual(expect.arrayContaining(["verify", "--key", publicKey]));
  });

  it("refuses all others at once, each with the reason, and says what to do", async () => {
    const run = answer({
      [images.data]: "Error: no signatures found\nerror during command execution: no signatures found",
      [images.evaluate]: "Error: no matching signatures: invalid signature when validating ASN.1 encoded signature",
    });
    const refusal = refuseUnsignedImages("lab", parseImages({ ...images, publicKey }), run);
    await expect(refusal).rejects.toThrow(
      [
        `infra/Pulumi.lab.yaml: mixcpt-infra:cluster.images.data: ${images.data} has no signature by this key`,
        `infra/Pulumi.lab.yaml: mixcpt-infra:cluster.images.evaluate: ${images.evaluate} has no signature by this key`,
        "every image must be signed by awskms:///alias/lab, the images.publicKey of this file; push signed ones with",
      ].join("\n"),
    );
    await expect(refusal).rejects.toThrow(/images push --registry REGISTRY --cluster lab --sign KEY/);
  });

  it("refuses what cannot be verified, too", async () => {
    const run = answer({ [images.data]: "Error: dial tcp 10.0.0.1:443: connect: connection refused" });
    await expect(refuseUnsignedImages("lab", parseImages({ ...images, publicKey }), run)).rejects.toThrow(
      /data@sha256:a+ cannot be verified: .*connection refused/,
    );
  });
});

it("a cluster's file without a public key asks nobody", async () => {
  const run = answer({});
  for (const declared of [images, undefined]) await refuseUnsignedImages("lab", parseImages(declared), run);
  expect(run).not.toHaveBeenCalled();
});

it("a public key that is no file is refused with the setting that names it", async () => {
  await expect(
    listUnsignedImages(
      { stack: "lab", images: { ...images, store: images.data }, publicKey: "missing.pub" },
      answer({}),
    ),
  ).rejects.toThrow(
    /^infra\/Pulumi\.lab\.yaml: mixcpt-infra:cluster\.images\.publicKey: .*missing\.pub does not exist/,
  );
});
