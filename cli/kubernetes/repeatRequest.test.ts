import { repeatRequest } from "./repeatRequest.ts";

const accepted = { httpStatusCode: 200, headers: {} };
const refused = { httpStatusCode: 429, headers: { "retry-after": "0" } };
const lost = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });

type Outcome = typeof accepted | Error;

/** Sends a request whose attempts end like this, one after the other. */
function sendThrough(method: string, ...outcomes: readonly Outcome[]) {
  const remaining = [...outcomes];
  const send = jest.fn<Promise<typeof accepted>, []>(() => {
    const outcome = remaining.shift() ?? accepted;
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  });
  return { send, answer: repeatRequest({ method }, send) };
}

describe("a request", () => {
  it.each([["GET"], ["POST"]])("that the server refuses for now is sent again (%s)", async (method) => {
    const { send, answer } = sendThrough(method, refused, { ...refused, httpStatusCode: 503 });
    expect(await answer).toBe(accepted);
    expect(send).toHaveBeenCalledTimes(3);
  });

  it("is sent ten times to a server that goes on refusing", async () => {
    const { send, answer } = sendThrough("GET", ...Array.from({ length: 20 }, () => refused));
    expect(await answer).toBe(refused);
    expect(send).toHaveBeenCalledTimes(10);
  });

  it.each([["GET"], ["DELETE"]])("whose answer is lost is sent again (%s)", async (method) => {
    expect(await sendThrough(method, lost).answer).toBe(accepted);
  });

  it("that creates something is sent once, as the server may have done it", async () => {
    await expect(sendThrough("POST", lost).answer).rejects.toBe(lost);
  });

  it("fails if its answer is lost again and again, or with any other error at once", async () => {
    await expect(sendThrough("GET", lost, lost, lost).answer).rejects.toBe(lost);
    const refusal = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const { send, answer } = sendThrough("GET", refusal);
    await expect(answer).rejects.toBe(refusal);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("is not sent again after a failure that the server does not ask to repeat", async () => {
    const failure = { httpStatusCode: 500, headers: {} };
    expect(await sendThrough("GET", failure).answer).toBe(failure);
  });
});
