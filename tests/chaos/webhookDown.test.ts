/**
 * `up` while an admission webhook of the cluster, such as Kueue's, does not answer, with the real Pulumi engine and a
 * real API server.
 */
import type { ClonedCheckout } from "../support/clonedCheckout.ts";
import { expectSuccess } from "../support/mixcptCommand.ts";
import { findFreePorts } from "../support/processes.ts";
import { callSuccessfully } from "../support/callSuccessfully.ts";
import { listSubmitted } from "../support/submittedObjects.ts";
import { createTeam } from "../support/team.ts";
import type { Team } from "../support/team.ts";

const webhooksPath = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

jest.setTimeout(900_000);

let team: Team;
let clone: ClonedCheckout;

/** A webhook like those of Kueue: without its answer nothing of these kinds is created. */
async function registerSilentWebhook(): Promise<void> {
  const [port = 0] = await findFreePorts(1);
  const rule = { apiGroups: ["jobset.x-k8s.io"], apiVersions: ["*"], operations: ["CREATE"], resources: ["jobsets"] };
  await callSuccessfully(team.api, "POST", webhooksPath, {
    metadata: { name: "silent" },
    webhooks: [
      {
        name: "vjobset.kb.io",
        clientConfig: { url: `https://127.0.0.1:${String(port)}/validate` },
        rules: [rule],
        failurePolicy: "Fail",
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
      },
    ],
  });
}

function removeSilentWebhook(): Promise<unknown> {
  return callSuccessfully(team.api, "DELETE", `${webhooksPath}/silent`);
}

beforeAll(async () => {
  team = await createTeam();
  clone = team.makeClone();
});

afterAll(async () => {
  await team?.remove();
});

afterEach(async () => {
  await clone.run(["destroy", "mini", "--yes"], team.backend);
});

describe("up while a webhook of the cluster does not answer", () => {
  it("waits for it, and then submits everything", async () => {
    await registerSilentWebhook();
    const up = clone.run(["up", "mini"], team.backend);
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    await removeSilentWebhook();
    const { exitCode, output } = await up;
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/created/)]);
  });

  it("names it after two minutes, and the next up submits the rest", async () => {
    await registerSilentWebhook();
    const { exitCode, output } = await clone.run(["up", "mini"], team.backend);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/vjobset\.kb\.io/);
    const begun = await listSubmitted(team.api);
    await removeSilentWebhook();
    expectSuccess(await clone.run(["up", "mini"], team.backend));
    for (const [object, uid] of begun)
      expect([object, (await listSubmitted(team.api)).get(object)]).toEqual([object, uid]);
  });
});
