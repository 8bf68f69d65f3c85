import { outlastOutage } from "./outlastOutage.ts";

type Patience = Parameters<typeof outlastOutage>[1];

function fail(code?: number): Error {
  return Object.assign(new Error(`fails with ${String(code)}`), code === undefined ? {} : { code });
}

/** Sends a request whose attempts fail like this, one after the other, and then succeed. */
function sendThrough(failures: readonly Error[], options: Partial<Patience> = {}) {
  const remaining = [...failures];
  const send = jest.fn(() => {
    const failure = remaining.shift();
    return failure === undefined ? Promise.resolve("answer") : Promise.reject(failure);
  });
  return { send, result: outlastOutage(send, { pauseMilliseconds: 0, ...options }) };
}

it("asks a server again that fails, is busy, or does not answer", async () => {
  const failures = [fail(), fail(429), fail(500), fail(503)];
  expect(await sendThrough(failures).result).toBe("answer");
});

it.each([400, 401, 403, 404, 409, 422])(
  "does not ask again after %d, which would be the answer again",
  async (code) => {
    const { send, result } = sendThrough([fail(code)]);
    await expect(result).rejects.toThrow(`fails with ${String(code)}`);
    expect(send).toHaveBeenCalledTimes(1);
  },
);

it("outlasts a server that allowed it and has not read its access rules yet, but not a right that was taken away", async () => {
  const wasAllowed = true;
  expect(await sendThrough([fail(), fail(403), fail(403)], { wasAllowed }).result).toBe("answer");
  const { send, result } = sendThrough(
    Array.from({ length: 20 }, () => fail(403)),
    { wasAllowed },
  );
  await expect(result).rejects.toThrow("fails with 403");
  expect(send).toHaveBeenCalledTimes(10);
});

it("does not repeat a fault of this program", async () => {
  const { send, result } = sendThrough([new TypeError("undefined is not a function")]);
  await expect(result).rejects.toThrow("undefined is not a function");
  expect(send).toHaveBeenCalledTimes(1);
});

it("gives up after its attempts", async () => {
  const { send, result } = sendThrough(
    Array.from({ length: 20 }, () => fail(503)),
    { attempts: 4 },
  );
  await expect(result).rejects.toThrow("fails with 503");
  expect(send).toHaveBeenCalledTimes(4);
});

it("ends with the signal", async () => {
  const { result } = sendThrough([fail()], { signal: AbortSignal.abort() });
  await expect(result).rejects.toThrow(/aborted/);
});
