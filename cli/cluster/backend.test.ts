import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as environment from "../../infra/environment.ts";
import { pulumiState } from "../engine/backend.ts";
import { directories } from "../engine/declared.ts";
import { refuseOtherBackend, tellUnseen } from "./backend.ts";

jest.mock("../../infra/environment.ts", () => ({ ...jest.requireActual<typeof environment>("../../infra/environment.ts"), childEnvironment: jest.fn() }));

const folder = mkdtempSync(join(tmpdir(), "mixcpt-backend-"));
const elsewhere = "s3://somebody:secret@bucket";
const local = "{ kind: local, hosts: 1, emulated: { gpu: MI250X, devicesPerNode: 2 } }";
const existing = "{ kind: existing, kubeconfigFile: /k, nodes: 1, devices: { gpu: MI250X, devicesPerNode: 8 }, store: { kind: storageClass, name: lustre, size: 1Ti } }";
const files = { local, existing };

beforeAll(() => {
  for (const [stack, cluster] of Object.entries(files)) writeFileSync(join(folder, `Pulumi.${stack}.yaml`), `config:\n  mixcpt-infra:cluster: ${cluster}\n`);
});
beforeEach(() => jest.replaceProperty(directories, "mixcpt-infra", folder));
afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true }));

const backend = (url: string | undefined) => jest.mocked(environment.childEnvironment).mockReturnValue(url === undefined ? {} : { PULUMI_BACKEND_URL: url });

function told(stack: keyof typeof files): string[] {
  const lines: string[] = [];
  tellUnseen(stack, (line) => lines.push(line));
  return lines;
}

describe("Pulumi's state", () => {
  it.each([[undefined], [""], [`file://${pulumiState}`], [`file://${pulumiState}/`]])("that lies in this checkout is no matter (%s)", (url) => {
    backend(url);
    expect(() => refuseOtherBackend("local")).not.toThrow();
    expect(told("existing")).toEqual([]);
  });

  it("that lies elsewhere keeps local hosts as they are, and the error says what to do", () => {
    backend(elsewhere);
    expect(() => refuseOtherBackend("local")).toThrow(/hosts of this machine.*unset PULUMI_BACKEND_URL/);
    expect(() => refuseOtherBackend("existing")).not.toThrow();
  });

  it("that lies elsewhere hides what stands on other clusters, which is said without the address and its credentials", () => {
    backend(elsewhere);
    expect(told("existing")).toEqual([expect.stringMatching(/^(?!.*secret).*is not seen here/)]);
  });
});
