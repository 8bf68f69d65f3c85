import type { CheckResult, TargetResult } from "./checkResults.ts";

export function buildCheck(name: string, changes: Partial<CheckResult> = {}): CheckResult {
  return { name, status: "pass", detail: "seen", value: null, unit: "", advice: "", ...changes };
}

export function buildResult(nodes: string[], checks: CheckResult[], changes: Partial<TargetResult> = {}): TargetResult {
  return {
    nodes,
    time: "2026-11-28T12:00:00.000Z",
    image: "mixcpt.local/llama-factory:1",
    checks,
    facts: {},
    ...changes,
  };
}
