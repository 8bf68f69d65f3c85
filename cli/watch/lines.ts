import type { DataJobState } from "./dataStage.ts";
import { failureText, type Failure } from "./failure.ts";
import type { CellState, GridState } from "./gridState.ts";
import { percentText, rough, stageText } from "./text.ts";

/** What has been said of each cell and data Job so far: its stage and tenth. */
export type Said = ReadonlyMap<string, string>;

interface Remark {
  readonly subject: string;
  /** A remark is made when this differs from the last one of the same subject. */
  readonly key: string;
  readonly texts: readonly string[];
}

const tenth = (fraction: number): number => Math.floor(fraction * 10 + 1e-9);

const failureTexts = (subject: string, failure: Failure): string[] => [`${subject}: ${failureText(failure)}`, `${subject}: more: ${failure.command}`];

const cellRemark = (cell: CellState): Remark => {
  const { id, name, step, fraction, detail, eta, failure } = cell;
  const more = [name === "evaluate" || detail === "" ? [] : detail, eta === null || name === "done" ? [] : `about ${rough(eta)} left`].flat();
  const text = `${id}: ${stageText(cell)}${more.length === 0 ? "" : ` (${more.join(", ")})`}`;
  const texts = failure === null ? [text] : failureTexts(id, failure);
  return { subject: id, key: `${name}/${step}/${name === "data" || name === "evaluate" || name === "train" ? tenth(fraction) : ""}`, texts };
};

const dataRemark = ({ job, name, fraction, detail, failure }: DataJobState): Remark => {
  const awaited = name === "waiting for data" ? detail : "";
  const text = `${job}: ${name === "data" ? percentText(fraction * 100) : name}${awaited === "" ? "" : ` (${awaited})`}`;
  return { subject: job, key: `${name}/${tenth(fraction)}/${awaited}`, texts: failure === null ? [text] : failureTexts(job, failure) };
};

/** What is new since the last lines, as lines without a time; and what has been said now. */
export const newLines = (said: Said, { cells, bases, data }: GridState): { lines: string[]; said: Said } => {
  const fresh = [...data.map(dataRemark), ...bases.map(cellRemark), ...cells.map(cellRemark)].filter(({ subject, key }) => said.get(subject) !== key);
  return {
    lines: fresh.flatMap(({ texts }) => texts),
    said: new Map([...said, ...fresh.map(({ subject, key }) => [subject, key] as const)]),
  };
};
