import { buildOperatorStacks } from "./operatorStacks.ts";
import type { OperatorSource } from "./operatorStacks.ts";

const source: OperatorSource = {
  repository: "https://git.example.org/team/mixcpt",
  revision: { branch: "main" },
  backend: "s3://team-state",
  organization: "organization",
  pulumiVersion: "3.259.0",
};

const stacks = [
  { stack: "corpora", prerequisites: [] },
  { stack: "llama-3.1", prerequisites: ["corpora"] },
];

interface StackObject {
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

function buildSpecs(settings: Partial<OperatorSource> = {}) {
  const objects = buildOperatorStacks(stacks, { ...source, ...settings }) as StackObject[];
  return objects.map(({ spec }) => spec);
}

/** The fields of a Stack's spec that the definition pulumi.com_stacks.yaml of operator 2.9.0 has and we use. */
const definedFields = {
  stack: "string",
  projectRepo: "string",
  branch: "string",
  commit: "string",
  backend: "string",
  secretsProvider: "string",
  envRefs: "object",
  prerequisites: "object",
  serviceAccountName: "string",
  workspaceTemplate: "object",
} as const;

describe("the Stack objects for Pulumi's operator", () => {
  it("read the repository, the shared state and the passphrase, each after what it waits for", () => {
    const objects = buildOperatorStacks(stacks, source);
    expect(objects[1]).toEqual({
      apiVersion: "pulumi.com/v1",
      kind: "Stack",
      metadata: { name: "mixcpt-llama-3.1", labels: { "app.kubernetes.io/part-of": "mixcpt" } },
      spec: {
        stack: "organization/mixcpt/llama-3.1",
        projectRepo: "https://git.example.org/team/mixcpt",
        branch: "main",
        backend: "s3://team-state",
        envRefs: {
          PULUMI_CONFIG_PASSPHRASE: { type: "Secret", secret: { name: "mixcpt-pulumi", key: "passphrase" } },
          PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: { type: "Literal", literal: { value: "true" } },
        },
        prerequisites: [{ name: "mixcpt-corpora" }],
        serviceAccountName: "mixcpt-pulumi",
        workspaceTemplate: { spec: { image: "pulumi/pulumi:3.259.0-nonroot" } },
      },
    });
    expect(buildSpecs()[0]).not.toHaveProperty("prerequisites");
  });

  it("stay at a commit and use a cloud's key if these are given", () => {
    const commit = "5a".repeat(20);
    const [spec] = buildSpecs({ revision: { commit }, secretsProvider: "awskms://alias/team" });
    expect(spec).toMatchObject({ commit, secretsProvider: "awskms://alias/team" });
    expect(spec).not.toHaveProperty("branch");
    expect(spec?.["envRefs"]).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE");
  });

  it("take a token and the organization for Pulumi Cloud", () => {
    const [spec] = buildSpecs({ backend: "https://api.pulumi.com", organization: "team" });
    expect(spec).toMatchObject({
      stack: "team/mixcpt/corpora",
      envRefs: { PULUMI_ACCESS_TOKEN: { type: "Secret", secret: { key: "accessToken" } } },
    });
  });

  it("have only fields of the operator's definition", () => {
    const specs = [...buildSpecs(), ...buildSpecs({ revision: { commit: "5a" }, secretsProvider: "awskms://key" })];
    for (const [field, value] of specs.flatMap((spec) => Object.entries(spec)))
      expect([field, typeof value]).toEqual([field, definedFields[field as keyof typeof definedFields]]);
  });
});
