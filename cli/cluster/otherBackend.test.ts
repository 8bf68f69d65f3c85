import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as environment from "../../workspace/environment.ts";
import { pulumiStateDirectory } from "../engine/backend.ts";
import { projectDirectories } from "../engine/stackDeclarations.ts";
import { refuseOtherBackend, warnOtherBackend } from "./otherBackend.ts";

jest.mock("../../workspace/environment.ts", () => ({
  ...jest.requireActual<typeof environment>("../../workspace/environment.ts"),
  buildChildEnvironment: jest.fn(),
}));

const folder = mkdtempSync(join(tmpdir(), "mixcpt-backend-"));
const otherBackendUrl = "s3://somebody:secret@bucket";
const local = "{ kind: local, hosts: 1, emulated: { gpu: MI250X, devicesPerNode: 2 } }";
const existing =
  "{ kind: existing, kubeconfigFile: /k, nodes: 1, devices: { gpu: MI250X, devicesPerNode: 8 }, " +
  "store: { kind: storageClass, name: lustre, size: 1Ti } }";
const files = { local, existing };

beforeAll(() => {
  for (const [stack, cluster] of Object.entries(files))
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), `config:\n  mixcpt-infra:cluster: ${cluster}\n`);
});
beforeEach(() => jest.replaceProperty(projectDirectories, "mixcpt-infra", folder));
afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true }));

function mockBackendUrl(url: string | undefined) {
  return jest
    .mocked(environment.buildChildEnvironment)
    .mockReturnValue(url === undefined ? {} : { PULUMI_BACKEND_URL: url });
}

function collectWarnings(stack: keyof typeof files): string[] {
  const lines: string[] = [];
  warnOtherBackend(stack, (line) => lines.push(line));
  return lines;
}

describe("Pulumi's state", () => {
  it.each([[undefined], [""], [`file://${pulumiStateDirectory}`], [`file://${pulumiStateDirectory}/`]])(
    "may be stored in this checkout (%s)",
    (url) => {
      mockBackendUrl(url);
      expect(() => refuseOtherBackend("local")).not.toThrow();
      expect(collectWarnings("existing")).toEqual([]);
    },
  );

  it("must not be stored elsewhere for a cluster of local hosts; the error says what to do", () => {
    mockBackendUrl(otherBackendUrl);
    expect(() => refuseOtherBackend("local")).toThrow(/hosts of this machine.*unset PULUMI_BACKEND_URL/);
    expect(() => refuseOtherBackend("existing")).not.toThrow();
  });

  it("hides stacks if stored elsewhere; the warning omits the address and its credentials", () => {
    mockBackendUrl(otherBackendUrl);
    expect(collectWarnings("existing")).toEqual([expect.stringMatching(/^(?!.*secret).*are not visible here/)]);
  });
});
