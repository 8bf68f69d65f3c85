import { collectRefusals } from "../support/configFixtures.ts";

const mlflow = { address: "https://mlflow.example/team", secret: "mlflow" };
const addressMessage = /^must be the address of the server .* a login belongs in the Secret$/;
const trackerMessage = /^must be tensorboard, or \{mlflow: /;

function listTrackerRefusals(tracker: unknown) {
  return collectRefusals({
    "mixcpt:family": "tiny",
    "mixcpt:protocol": "miniature",
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
    "mixcpt:tracker": tracker,
  });
}

describe("the tracker of a stack", () => {
  it.each(["tensorboard", { mlflow }, { mlflow: { address: "http://10.0.0.7:5000" } }])("can be %j", (tracker) => {
    expect(listTrackerRefusals(tracker)).toEqual([]);
  });

  it.each([
    ["wandb", "mixcpt:tracker", trackerMessage],
    [{ mlflow: { ...mlflow, address: "mlflow.example:5000" } }, "mixcpt:tracker.mlflow.address", addressMessage],
    [{ mlflow: { ...mlflow, address: "http://me:pw@mlflow" } }, "mixcpt:tracker.mlflow.address", addressMessage],
    [{ mlflow: { ...mlflow, secret: "My_Secret" } }, "mixcpt:tracker.mlflow.secret", /name of a Kubernetes object/],
    [{ mlflow: { secret: "mlflow" } }, "mixcpt:tracker.mlflow.address", addressMessage],
    [{ mlflow: "mlflow" }, "mixcpt:tracker.mlflow", trackerMessage],
    [{ mlflow: { ...mlflow, token: "t0ken" } }, "mixcpt:tracker.mlflow.token", /unknown key; allowed: address, secret/],
  ])("cannot be %j", (tracker, path, message) => {
    expect(listTrackerRefusals(tracker)).toEqual([
      expect.objectContaining({ path, message: expect.stringMatching(message) }),
    ]);
  });

  it("cannot be another program's, for which the message names those that can be", () => {
    expect(listTrackerRefusals({ wandb: { project: "mix" } })).toEqual([
      expect.objectContaining({ path: "mixcpt:tracker.mlflow", message: expect.stringMatching(trackerMessage) }),
      expect.objectContaining({ path: "mixcpt:tracker.wandb", rule: "unknown-key" }),
    ]);
  });
});
