import { formatErrorMessage } from "../explainError.ts";
import type { ImageDelivery } from "./imageDelivery.ts";
import { runForOutput } from "./imageDelivery.ts";
import type { RegistryAddress } from "./registryAddress.ts";
import { extractSkopeoMessage, formatRegistryReference, isMissingImageError } from "./registryAddress.ts";

const inspectTimeoutSeconds = 60;

/** Nodes fetch the images from a registry, by digest. Credentials are those of `skopeo login` or `docker login`. */
export function buildRegistryDelivery(registry: RegistryAddress): ImageDelivery {
  const verify = String(!registry.isPlain);
  const findImage = async (localReference: string): Promise<string | undefined> => {
    const reference = formatRegistryReference(registry, localReference);
    const inspect = ["inspect", "--no-tags", "--format", "{{.Digest}}", `--tls-verify=${verify}`];
    try {
      const digest = await runForOutput("skopeo", [...inspect, `docker://${reference}`], inspectTimeoutSeconds);
      return `${reference.slice(0, reference.lastIndexOf(":"))}@${digest}`;
    } catch (error) {
      const message = extractSkopeoMessage(formatErrorMessage(error));
      if (isMissingImageError(message)) return undefined;
      throw new Error(`registry ${registry.prefix}: ${message}; log in with skopeo login, or check --registry`, {
        cause: error,
      });
    }
  };
  const deliverImage = async (localReference: string, source: string): Promise<void> => {
    const target = `docker://${formatRegistryReference(registry, localReference)}`;
    await runForOutput("skopeo", ["copy", "--quiet", `--dest-tls-verify=${verify}`, source, target]);
  };
  return { findImage, deliverImage };
}
