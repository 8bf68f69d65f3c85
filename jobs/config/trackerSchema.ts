import { z } from "zod";
import { buildRuleError, objectNameSchema } from "./schemaParts.ts";

function isServerAddress(address: string): boolean {
  return /^https?:\/\/./.test(address) && URL.canParse(address) && new URL(address).username === "";
}

const addressError = buildRuleError(
  "not-allowed",
  "must be the address of the server as the pods reach it, like http://mlflow.tools:5000; " +
    "a login belongs in the Secret",
);

const trackerError = buildRuleError(
  "not-allowed",
  "must be tensorboard, or {mlflow: {address: http://HOST:5000, secret: NAME}}, without the secret if none is needed",
);

const mlflowSchema = z.strictObject(
  {
    address: z.string(addressError).refine(isServerAddress, addressError),
    secret: objectNameSchema
      .exactOptional()
      .describe("a Secret of the namespace with MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD"),
  },
  trackerError,
);

/** Where the losses of trainings go besides the report. It changes no run's name. */
export const trackerSchema = z
  .union([z.literal("tensorboard"), z.strictObject({ mlflow: mlflowSchema })], trackerError)
  .exactOptional()
  .describe("where the losses of trainings go besides the report: tensorboard (event files in the store) or mlflow");

export type TrackerChoice = NonNullable<z.infer<typeof trackerSchema>>;
