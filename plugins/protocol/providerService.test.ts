import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { ResourceProvider } from "./provider.ts";
import { buildProviderService } from "./providerService.ts";

/** Returns the ids that a provider receives when the engine sends these ids. */
async function configureWithIds(...engineIds: (string | undefined)[]): Promise<string[]> {
  const ids: string[] = [];
  const provider = {
    configure: (_args: object, id: string) => Promise.resolve(void ids.push(id)),
  } as unknown as ResourceProvider;
  const { configure } = buildProviderService(provider, {
    version: "4.0.0",
    onEngine: () => undefined,
  }) as unknown as Record<string, (call: object, done: () => void) => void>;
  for (const id of engineIds) {
    const request = new messages.ConfigureRequest();
    if (id !== undefined) request.setId(id);
    await new Promise<void>((done) => configure?.({ request }, done));
  }
  return ids;
}

it("configures a provider with its id from the state", async () => {
  expect(await configureWithIds("5f0c", "5f0c")).toEqual(["5f0c", "5f0c"]);
});

it("gives each provider a new id when the engine sends none", async () => {
  const [one, other] = await configureWithIds(undefined, undefined);
  expect(one).toMatch(/./);
  expect(one).not.toBe(other);
});
