import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { clock } from "../terminal/clock.ts";

/** Steps that take longer than this have a line of their own. */
const longSeconds = 10;

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;
const typeOf = (urn: string): string => (urn.split("::").at(-2) ?? urn).split("$").at(-1) ?? urn;

/**
 * A handler of engine events that prints changed resources: the long ones one by one, the others as a count.
 * `print` gets whole lines.
 */
export function eventPrinter(print: (line: string) => void): (event: EngineEvent) => void {
  const started = new Map<string, number>();
  let changed = 0;
  return ({ resourcePreEvent, resOutputsEvent, diagnosticEvent }) => {
    if (resourcePreEvent !== undefined) started.set(resourcePreEvent.metadata.urn, Date.now());
    // what belongs to no resource is told at the end, with everything that went wrong
    if (diagnosticEvent?.severity === "error" && diagnosticEvent.urn !== undefined && typeOf(diagnosticEvent.urn) !== "pulumi:pulumi:Stack") print(`  ✗ ${nameOf(diagnosticEvent.urn)}: ${plain(diagnosticEvent.message)}`);
    if (resOutputsEvent === undefined || resOutputsEvent.metadata.op === "same") return;
    const { urn, op } = resOutputsEvent.metadata;
    const seconds = (Date.now() - (started.get(urn) ?? Date.now())) / 1000;
    changed += 1;
    if (seconds >= longSeconds) print(`  ${op} ${nameOf(urn)} (${typeOf(urn)}) in ${clock(seconds)}`);
    else if (changed % 50 === 0) print(`  ${String(changed)} resources`);
  };
}

const plain = (text: string): string => text.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
