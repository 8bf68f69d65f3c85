import grpc from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import { printPath } from "./changes.ts";
import type { CheckFailure, DiffResult, NotReady, ResourceChange } from "./provider.ts";
import { unwrap, wrap } from "./values.ts";
import type { Properties, Unwrapped } from "./values.ts";

export type Struct = InstanceType<typeof struct.Struct>;

export function toStruct(value: Properties): Struct {
  return struct.Struct.fromJavaScript(value);
}

export function wrapped(value: Unwrapped): Struct {
  return toStruct(wrap(value));
}

export function plain(value: Struct | undefined): Properties {
  return (value?.toJavaScript() ?? {}) as Properties;
}

export function unwrapped(value: Struct | undefined): Unwrapped {
  return unwrap(plain(value));
}

export function checkFailures(failures: CheckFailure[]) {
  return failures.map(({ property, reason }) => {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

function propertyDiff({ kind, replaces }: ResourceChange) {
  const kinds = messages.PropertyDiff.Kind;
  const name = kind.toUpperCase() as "ADD" | "DELETE" | "UPDATE";
  const diff = new messages.PropertyDiff();
  diff.setKind(replaces ? kinds[`${name}_REPLACE`] : kinds[name]);
  diff.setInputdiff(true);
  return diff;
}

export function diffResponse({ changes, deleteBeforeReplace }: DiffResult) {
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse();
  const paths = changes.map((change) => ({ change, path: printPath(change.path) }));
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...new Set(changes.map(({ path }) => String(path[0])))]);
  response.setReplacesList(paths.filter(({ change }) => change.replaces).map(({ path }) => path));
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const { change, path } of paths) response.getDetaileddiffMap().set(path, propertyDiff(change));
  return response;
}

/** gRPC carries "made, but not ready" as a typed detail in a trailer of its own. */
export function notReadyStatus(error: NotReady): Partial<grpc.ServiceError> {
  const detail = new messages.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(wrapped(error.outputs));
  detail.setInputs(wrapped(error.inputs));
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
