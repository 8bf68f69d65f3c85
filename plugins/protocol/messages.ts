import grpc from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import { formatPropertyPath } from "./changes.ts";
import type { CheckFailure, DiffResult, ResourceInitError, ResourceChange } from "./provider.ts";
import { unwrapSecrets, wrapSecrets } from "./propertyValues.ts";
import type { Properties, PropertiesWithSecrets } from "./propertyValues.ts";

export type Struct = InstanceType<typeof struct.Struct>;

export function buildStruct(value: Properties): Struct {
  return struct.Struct.fromJavaScript(value);
}

export function encodeProperties(value: PropertiesWithSecrets): Struct {
  return buildStruct(wrapSecrets(value));
}

export function readStruct(value: Struct | undefined): Properties {
  return (value?.toJavaScript() ?? {}) as Properties;
}

export function decodeProperties(value: Struct | undefined): PropertiesWithSecrets {
  return unwrapSecrets(readStruct(value));
}

export function buildCheckFailures(failures: CheckFailure[]) {
  return failures.map(({ property, reason }) => {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

function buildPropertyDiff({ kind, replaces }: ResourceChange) {
  const kinds = messages.PropertyDiff.Kind;
  const name = kind.toUpperCase() as "ADD" | "DELETE" | "UPDATE";
  const diff = new messages.PropertyDiff();
  diff.setKind(replaces ? kinds[`${name}_REPLACE`] : kinds[name]);
  diff.setInputdiff(true);
  return diff;
}

export function buildDiffResponse({ changes, deleteBeforeReplace }: DiffResult) {
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse();
  const paths = changes.map((change) => ({ change, path: formatPropertyPath(change.path) }));
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...new Set(changes.map(({ path }) => String(path[0])))]);
  response.setReplacesList(paths.filter(({ change }) => change.replaces).map(({ path }) => path));
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const { change, path } of paths) response.getDetaileddiffMap().set(path, buildPropertyDiff(change));
  return response;
}

/** The status of a resource that was created but is not ready: gRPC carries it as a typed detail in a trailer. */
export function buildInitFailedStatus(error: ResourceInitError): Partial<grpc.ServiceError> {
  const detail = new messages.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(encodeProperties(error.outputs));
  detail.setInputs(encodeProperties(error.inputs));
  detail.setReasonsList([error.message]);
  const details = new any.Any();
  details.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const response = new status.Status();
  response.setCode(grpc.status.UNKNOWN);
  response.setMessage(error.message);
  response.addDetails(details);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(response.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: error.message, metadata };
}
