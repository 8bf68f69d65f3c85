import grpc from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";

type LogSeverity = "debug" | "info" | "warning" | "error";

/** A message shown beside the resource; a `status` line replaces the previous one and is not kept. */
interface LogLine {
  readonly severity: LogSeverity;
  readonly text: string;
  readonly urn: string;
  readonly status?: boolean;
}

export type EngineLog = (line: LogLine) => void;

/** Returns a log that sends lines to the engine at `address`; lines that cannot be sent are dropped silently. */
export function createEngineLog(address: () => string): EngineLog {
  let client: InstanceType<typeof engineService.EngineClient> | undefined;
  return ({ severity, text, urn, status }) => {
    if (address() === "") return;
    client ??= new engineService.EngineClient(address(), grpc.credentials.createInsecure());
    const request = new engineMessages.LogRequest();
    request.setSeverity(engineMessages.LogSeverity[severity.toUpperCase() as Uppercase<LogSeverity>]);
    request.setMessage(text);
    request.setUrn(urn);
    request.setEphemeral(status ?? false);
    client.log(request, () => undefined);
  };
}
