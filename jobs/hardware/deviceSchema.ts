import { z } from "zod";
import { evenIfFieldsAreInvalid } from "../../validation/completeSchemas.ts";
import type { DeviceKind, GpuModel } from "./gpuCatalog.ts";
import { formatDeviceKind, getDevice, gpuModelSchema, gpus, partitionModes } from "./gpuCatalog.ts";

/** The fields that describe the devices of a node. */
export const deviceFields = {
  gpu: gpuModelSchema,
  partition: z.enum(partitionModes).exactOptional().describe("the mode of a partitioned card"),
  devicesPerNode: z.int().min(1),
};

interface FieldProblem {
  readonly field: keyof typeof deviceFields;
  readonly rule: string;
  readonly message: string;
}

function checkPartition({ gpu, partition }: DeviceKind): FieldProblem[] {
  const modes = Object.keys(gpus[gpu].partitions);
  if (partition === undefined || modes.includes(partition)) return [];
  const message =
    modes.length === 0 ? `an ${gpu} cannot be partitioned; remove this key` : `allowed: ${modes.join(", ")}`;
  return [{ field: "partition", rule: "not-allowed", message }];
}

function checkDeviceCount(kind: DeviceKind, devicesPerNode: number): FieldProblem[] {
  const { devicesPerCard, maxCardsPerNode } = getDevice(kind);
  const most = maxCardsPerNode * devicesPerCard;
  if (devicesPerNode <= most) return [];
  const canBeMore = Object.values(gpus[kind.gpu].partitions).some((parts) => parts > devicesPerCard);
  const advice = canBeMore ? "; if the cards are partitioned, set partition to their mode" : "";
  const cards = `${String(maxCardsPerNode)} ${formatDeviceKind(kind)}`;
  const message = `must be at most ${String(most)}, the devices of ${cards}${advice}`;
  return [{ field: "devicesPerNode", rule: "out-of-range", message }];
}

/** Checks the fields of devices against each other, as far as they are valid. */
function checkDeviceFields(fields: Readonly<Record<string, unknown>>): FieldProblem[] {
  const { data: gpu } = deviceFields.gpu.safeParse(fields["gpu"]);
  const { data: partition, success } = deviceFields.partition.safeParse(fields["partition"]);
  const { data: devicesPerNode } = deviceFields.devicesPerNode.safeParse(fields["devicesPerNode"]);
  if (gpu === undefined) return [];
  const kind = buildDeviceKind(gpu, success ? partition : undefined);
  return [...checkPartition(kind), ...(devicesPerNode === undefined ? [] : checkDeviceCount(kind, devicesPerNode))];
}

function buildDeviceKind(gpu: GpuModel, partition: DeviceKind["partition"]): DeviceKind {
  return { gpu, ...(partition !== undefined && { partition }) };
}

/** Adds the rules between the fields of devices to a schema that has them. */
export function checkDevices<Schema extends z.ZodObject>(schema: Schema): Schema {
  return schema.superRefine((fields, context) => {
    for (const { field, rule, message } of checkDeviceFields(fields))
      context.addIssue({ code: "custom", path: [field], message, params: { rule } });
  }, evenIfFieldsAreInvalid);
}
