import { ApiFailure, NotServed, Unreachable, isLateWebhook, patience } from "./failure.ts";

const webhook = (cause: string) => new ApiFailure(500, { message: `Internal error occurred: failed calling webhook "mtrainjob.kb.io": failed to call webhook: Post "https://trainer.svc": ${cause}` });

it.each(["dial tcp 10.0.0.1:443: connect: connection refused", 'no endpoints available for service "trainer"', "tls: failed to verify certificate: x509: certificate signed by unknown authority"])(
  "a webhook that is not up yet is waited for: %s",
  (cause) => {
    expect(isLateWebhook(webhook(cause))).toBe(true);
    expect(patience(webhook(cause))).toBe(120);
  },
);

it("a webhook that refuses the object is not waited for", () => {
  expect(patience(new ApiFailure(403, { message: 'admission webhook "a" denied the request: no queue' }))).toBe(0);
});

it("waits for definitions, namespaces and a server that restarts, and for nothing that is wrong with the object", () => {
  expect(patience(new NotServed(""))).toBe(30);
  expect(patience(new ApiFailure(404, { message: 'namespaces "mixcpt" not found' }))).toBe(30);
  expect(patience(new Unreachable(""))).toBe(15);
  expect(patience(new ApiFailure(422, { message: "invalid" }))).toBe(0);
  expect(patience(new Error("a bug"))).toBe(0);
});
