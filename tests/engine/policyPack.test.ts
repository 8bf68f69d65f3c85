/**
 * The policy pack in a real Pulumi engine, in front of a real API server. Pulumi's language host for Node, which runs
 * the pack where Pulumi is installed, is replaced by plugins/bin/pulumi-analyzer-policy-nodejs.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { resolve } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { captureFailure, useTestBed } from "../support/testBed.ts";

const testBed = useTestBed();
const policyPacks = [resolve("policies")];

const digest = `sha256:${"a".repeat(64)}`;

function declareJob(image: string) {
  return (options: CustomResourceOptions) => {
    const memory = "32Mi";
    const container = {
      name: "work",
      image,
      resources: { requests: { cpu: "10m", memory }, limits: { memory } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    };
    const pod = {
      restartPolicy: "Never",
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [container],
    };
    new k8s.batch.v1.Job(
      "work",
      {
        metadata: { name: "work", annotations: { "pulumi.com/skipAwait": "true" } },
        spec: { template: { spec: pod } },
      },
      options,
    );
  };
}

async function previewJob(image: string): Promise<string> {
  const program = testBed.declareOnCluster(declareJob(image));
  const stack = await testBed.engine.selectStack("policies", program);
  return captureFailure(stack.preview({ policyPacks }));
}

describe("the policy pack", () => {
  it("accepts a job that follows the rules", async () => {
    expect(await previewJob(`registry.example.org/team/data@${digest}`)).toBe("");
  });

  it("refuses a job whose image is named by a tag, with the rule, the place and what is allowed", async () => {
    const failure = await previewJob("registry.example.org/team/data:latest");
    expect(failure).toContain("mixcpt@v0.1.0");
    expect(failure).toMatch(/\[mandatory\] {2}pinned-images/);
    expect(failure).toMatch(
      /spec\.template\.spec: container work: image \S+:latest is not pinned; name it by its digest/,
    );
  });
});
