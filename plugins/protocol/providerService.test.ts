import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { ResourceProvider } from "./provider.ts";
import { buildProviderService } from "./providerService.ts";

/** Ids with which a provider is configured, for ids that the engine tells. */
async function configureWithIds(...told: (string | undefined)[]): Promise<string[]> {
  const ids: string[] = [];
  const provider = {
    configure: (_args: object, id: string) => Promise.resolve(void ids.push(id)),
  } as unknown as ResourceProvider;
  const { configure } = buildProviderService(provider, {
    version: "4.0.0",
    onEngine: () => undefined,
  }) as unknown as Record<string, (call: object, done: () => void) => void>;
  for (const id of told) {
    const request = new messages.ConfigureRequest();
    if (id !== undefined) request.setId(id);
    await new Promise<void>((done) => configure?.({ request }, done));
  }
  return ids;
}

it("a provider is configured with the id that it has in the state", async () => {
  expect(await configureWithIds("5f0c", "5f0c")).toEqual(["5f0c", "5f0c"]);
});

it("an engine that tells no id cannot make two providers look like one", async () => {
  const [one, other] = await configureWithIds(undefined, undefined);
  expect(one).toMatch(/./);
  expect(one).not.toBe(other);
});
