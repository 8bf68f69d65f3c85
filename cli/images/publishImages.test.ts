import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { publishImages } from "./publishImages.ts";
import type { SigningRunner } from "./signingPrograms.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("../terminal/printLine.ts", () => ({ printLine: () => undefined }));
jest.mock("../setup/runInImage.ts", () => ({
  withImageRoot: (_image: string, use: (root: string) => Promise<void>) => use("/mounted"),
}));
jest.mock("../setup/workImageRefs.ts", () => ({ resolveImageCache: () => "/cache" }));

/** The digests of configurations by address; a registry's image is this machine's if they are equal. */
const configs = new Map<string, string>();
jest.mock("../demo/imageDelivery.ts", () => ({
  runForOutput: (_program: string, args: readonly string[]) =>
    Promise.resolve(JSON.stringify({ config: { digest: configs.get(args.at(-1) ?? "") } })),
}));

const digest = `sha256:${"a".repeat(64)}`;
const local = {
  data: "mixcpt.local/data:1",
  llamaFactory: "mixcpt.local/llama-factory:2",
  evaluate: "mixcpt.local/evaluate:3",
  store: "mixcpt.local/store:4",
};
const pushed = Object.fromEntries(
  Object.keys(local).map((name) => [name, `registry.example/m/${name}@${digest}`]),
) as unknown as ImageRefs;
const key = { reference: "/keys/cosign.key", env: { COSIGN_PASSWORD: "swordfish" }, publicKey: "/tmp/cosign.pub" };

const emptySbom = { metadata: { component: { "bom-ref": "a", type: "file", name: "/mounted" } }, components: [] };

/** A registry in which images may be signed and have bills of materials; records what changes it. */
function buildRegistry(signed: readonly string[] = [], described: readonly string[] = []) {
  const changes: string[] = [];
  const run: SigningRunner = (program, args, { reference }) => {
    const name = /m\/(\w+)@/.exec(reference)?.[1] ?? "";
    const result = (hasSucceeded: boolean, output = "") =>
      Promise.resolve({ hasSucceeded, output, complaint: hasSucceeded ? "" : "Error: no signatures found" });
    if (args[0] === "verify" || args[0] === "verify-attestation") return result(signed.includes(name));
    if (args[0] === "discover")
      return result(true, JSON.stringify({ referrers: described.includes(name) ? [{}] : [] }));
    changes.push(`${program} ${args[0] ?? ""} ${name}`);
    if (args[0] === "scan") {
      changes.push(args[1] ?? "");
      writeFileSync((args.at(-1) ?? "").replace("cyclonedx-json=", ""), JSON.stringify(emptySbom));
    }
    return result(true);
  };
  return { changes, run };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "publish-"));
  env["XDG_CACHE_HOME"] = folder;
  configs.clear();
  for (const name of Object.keys(local) as (keyof ImageRefs)[]) {
    configs.set(`docker://${pushed[name]}`, name);
    configs.set(`containers-storage:[overlay@/cache/storage+/cache/run]${local[name]}`, name);
  }
});
afterEach(() => {
  delete env["XDG_CACHE_HOME"];
  rmSync(folder, { recursive: true });
});

const others = ["llamaFactory", "evaluate", "store"];
const images = { local, pushed, isPlain: false };

it("puts a bill of materials, made from this machine's image, beside each image that has none", async () => {
  const { changes, run } = buildRegistry([], others);
  await publishImages(images, { key: undefined, withSbom: true, run });
  expect(changes).toEqual(["syft scan data", "dir:/mounted", "oras attach data"]);
});

it("makes it from the registry's image where that is another build of the same sources", async () => {
  const { changes, run } = buildRegistry([], others);
  configs.set(`docker://${pushed.data}`, "another build");
  await publishImages(images, { key: undefined, withSbom: true, run });
  expect(changes).toEqual(["syft scan data", `registry:${pushed.data}`, "oras attach data"]);
});

it("signs the bill of materials first and the image last", async () => {
  const { changes, run } = buildRegistry(others, others);
  await publishImages(images, { key, withSbom: true, run });
  expect(changes).toEqual([
    "syft scan data",
    "dir:/mounted",
    "oras attach data",
    "cosign attest data",
    "cosign sign data",
  ]);
});

it("changes nothing where everything is signed, whoever built it", async () => {
  const { changes, run } = buildRegistry(["data", ...others], ["data", ...others]);
  configs.set(`docker://${pushed.data}`, "another build");
  await publishImages(images, { key, withSbom: true, run });
  expect(changes).toEqual([]);
});

it("signs nothing that this machine has not built and the key has not signed", async () => {
  const { changes, run } = buildRegistry(others, others);
  configs.set(`docker://${pushed.data}`, "planted by somebody who may push");
  await expect(publishImages(images, { key, withSbom: true, run })).rejects.toThrow(
    /^image registry\.example\/m\/data@sha256:a+: is another build .* not signed; push from the machine that built it/,
  );
  expect(changes).toEqual([]);
});

it("signs images alone if no bill of materials is wanted", async () => {
  const { changes, run } = buildRegistry(others);
  await publishImages(images, { key, withSbom: false, run });
  expect(changes).toEqual(["cosign sign data"]);
});

it("gives the passphrase to cosign by the environment, only where it signs", async () => {
  const { run } = buildRegistry();
  const seen: string[] = [];
  const watch: SigningRunner = (program, args, context) => {
    expect(args.join(" ")).not.toContain("swordfish");
    if (context.env?.["COSIGN_PASSWORD"] !== undefined) seen.push(args[0] ?? "");
    return run(program, args, context);
  };
  await publishImages(images, { key, withSbom: true, run: watch });
  expect(new Set(seen)).toEqual(new Set(["attest", "sign"]));
});
