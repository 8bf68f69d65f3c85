import {
  ApiError,
  KindNotServedError,
  UnreachableError,
  isWebhookNotReady,
  computeOutageSeconds,
  computeQuestionSeconds,
  computeRetrySeconds,
  silentServerCode,
} from "./providerErrors.ts";

function buildWebhookError(cause: string) {
  return new ApiError(500, {
    message:
      'Internal error occurred: failed calling webhook "mtrainjob.kb.io": failed to call webhook: ' +
      `Post "https://trainer.svc": ${cause}`,
  });
}

it.each([
  "dial tcp 10.0.0.1:443: connect: connection refused",
  'no endpoints available for service "trainer"',
  "tls: failed to verify certificate: x509: certificate signed by unknown authority",
])("waits for a webhook that is not ready yet: %s", (cause) => {
  expect(isWebhookNotReady(buildWebhookError(cause))).toBe(true);
  expect(computeRetrySeconds(buildWebhookError(cause))).toBe(120);
});

it("does not retry when a webhook rejects the object", () => {
  expect(
    computeRetrySeconds(new ApiError(403, { message: 'admission webhook "a" denied the request: no queue' })),
  ).toBe(0);
});

it.each([
  [403, 'configmaps is forbidden: User "kubernetes-admin" cannot create resource "configmaps" in API group ""', 20],
  [
    403,
    'roles is forbidden: user "admin" (groups=["a"]) is attempting to grant RBAC permissions not currently held',
    20,
  ],
  [403, 'pods "a" is forbidden: not yet ready to handle request', 20],
  [403, 'pods "a" is forbidden: exceeded quota: compute, requested: cpu=1, used: cpu=2, limited: cpu=2', 0],
  [429, "too many requests", 60],
  [500, "etcdserver: leader changed", 60],
  [502, "the API server responded with status 502", 60],
  [
    422,
    'Service "a" is invalid: spec.clusterIPs: Invalid value: [""]: failed to allocate IP: Post ' +
      '"https://[::1]:6443/apis/networking.k8s.io/v1/ipaddresses": dial tcp [::1]:6443: connect: connection refused',
    60,
  ],
  [422, 'Service "a" is invalid: spec.clusterIPs: Invalid value: ["10.0.0.1"]: failed to allocate IP 10.0.0.1', 0],
  [401, "Unauthorized", 0],
])("waits for a server that restarts: %s %s for %s s", (code, message, seconds) => {
  expect(computeRetrySeconds(new ApiError(code, { message }))).toBe(seconds);
});

it.each([
  ["ECONNREFUSED", 60, 30],
  ["EHOSTUNREACH", 60, 15],
  ["ENOTFOUND", 15, 15],
  [silentServerCode, 60, 60],
  ["ECONNRESET", 60, 60],
])("waits after %s for %s s where something changes, and for %s s before a mere question", (code, change, question) => {
  const error = new UnreachableError("away", { cause: Object.assign(new Error("away"), { code }) });
  expect([computeOutageSeconds(error), computeQuestionSeconds(error)]).toEqual([change, question]);
});

it("waits longer for a server that refuses the connection than for an address without one", () => {
  const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  expect(computeRetrySeconds(new UnreachableError("away", { cause: refused }))).toBe(60);
});

it("waits for definitions, namespaces and a restarting server, but not after an error of the object", () => {
  expect(computeRetrySeconds(new KindNotServedError(""))).toBe(30);
  expect(computeRetrySeconds(new ApiError(404, { message: 'namespaces "mixcpt" not found' }))).toBe(30);
  expect(computeRetrySeconds(new UnreachableError(""))).toBe(15);
  expect(computeRetrySeconds(new ApiError(422, { message: "invalid" }))).toBe(0);
  expect(computeRetrySeconds(new Error("a bug"))).toBe(0);
});
