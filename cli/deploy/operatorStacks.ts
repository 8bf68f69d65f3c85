import type { OrderedStack } from "./deployedStacks.ts";

/** The state, secrets and source of the stacks that Pulumi's Kubernetes operator deploys. */
export interface OperatorSource {
  /** URL of the git repository. */
  readonly repository: string;
  /** The operator follows a branch, or stays at a commit. */
  readonly revision: { readonly branch: string } | { readonly commit: string };
  readonly backend: string;
  /** A key of a cloud, such as `awskms://…`; without it the passphrase encrypts secrets, or Pulumi Cloud does. */
  readonly secretsProvider?: string | undefined;
  /** The organization of Pulumi Cloud; every other backend has only `organization`. */
  readonly organization: string;
  /** Without `v`. */
  readonly pulumiVersion: string;
}

/** The Secret and the ServiceAccount that an administrator makes once. */
const operatorObjectName = "mixcpt-pulumi";

/** True for Pulumi Cloud, which keeps secrets itself and has organizations. */
export function isPulumiCloud(backend: string): boolean {
  return backend.startsWith("https://");
}

function buildSecretReference(key: string): object {
  return { type: "Secret", secret: { name: operatorObjectName, key } };
}

/** The committed stack files have no salt: secrets are decrypted with the one in the state. */
const stateSecrets = { PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: { type: "Literal", literal: { value: "true" } } };

function buildCredentials({ backend, secretsProvider }: OperatorSource): object {
  if (isPulumiCloud(backend)) return { PULUMI_ACCESS_TOKEN: buildSecretReference("accessToken") };
  if (secretsProvider !== undefined) return {};
  return { PULUMI_CONFIG_PASSPHRASE: buildSecretReference("passphrase") };
}

/** `mixcpt-llama-3.1`: names of objects may have dots and hyphens. */
function formatStackObjectName(stack: string): string {
  return `mixcpt-${stack.toLowerCase().replaceAll(/[^a-z0-9.-]/g, "-")}`;
}

/**
 * Builds the `Stack` objects of Pulumi's Kubernetes operator (pulumi.com/v1) for experiments stacks. Deleting such an
 * object leaves the runs alone.
 */
export function buildOperatorStacks(stacks: readonly OrderedStack[], source: OperatorSource): object[] {
  const { repository, revision, backend, secretsProvider, organization, pulumiVersion } = source;
  return stacks.map(({ stack, prerequisites }) => ({
    apiVersion: "pulumi.com/v1",
    kind: "Stack",
    metadata: { name: formatStackObjectName(stack), labels: { "app.kubernetes.io/part-of": "mixcpt" } },
    spec: {
      stack: `${organization}/mixcpt/${stack}`,
      projectRepo: repository,
      ...revision,
      backend,
      ...(secretsProvider !== undefined && { secretsProvider }),
      envRefs: { ...buildCredentials(source), ...stateSecrets },
      ...(prerequisites.length > 0 && {
        prerequisites: prerequisites.map((prerequisite) => ({ name: formatStackObjectName(prerequisite) })),
      }),
      serviceAccountName: operatorObjectName,
      workspaceTemplate: { spec: { image: `pulumi/pulumi:${pulumiVersion}-nonroot` } },
    },
  }));
}
