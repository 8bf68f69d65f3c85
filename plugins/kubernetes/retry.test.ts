import { ApiError, UnreachableError } from "./providerErrors.ts";
import { retryTransientFailures } from "./retry.ts";

const retries = { cancel: new AbortController().signal, onRetry: () => undefined };
afterEach(() => jest.restoreAllMocks());

it("retries an action that ran for a long time before it failed", async () => {
  const clock = jest.spyOn(Date, "now").mockReturnValue(0);
  const action = jest.fn(async () => {
    if (action.mock.calls.length > 1) return "done";
    clock.mockReturnValue(300_000); // as if it had waited for the deletion of another object
    throw new UnreachableError("the API server restarts");
  });
  expect(await retryTransientFailures(action, retries)).toBe("done");
});

it("gives up on a failure that lasts", async () => {
  const clock = jest.spyOn(Date, "now").mockReturnValue(0);
  const action = jest.fn(async () => {
    clock.mockReturnValue(Date.now() + 20_000);
    throw new UnreachableError("away");
  });
  await expect(retryTransientFailures(action, retries)).rejects.toThrow("away (tried again for 15 s)");
  expect(action).toHaveBeenCalledTimes(2);
});

it("is final at once after a failure that cannot pass, and says nothing about retries", async () => {
  const action = jest.fn(() => Promise.reject(new ApiError(401, { message: "Unauthorized" })));
  await expect(retryTransientFailures(action, retries)).rejects.toThrow(/^Unauthorized$/);
  expect(action).toHaveBeenCalledTimes(1);
});
