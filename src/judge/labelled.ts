import { type Label, labelsPathOf, readLabels, type ReadLabelsOptions } from "../run/log/labels.ts";
import { hash32 } from "../stats/random.ts";
import type { JudgeRow, JudgeSource } from "./source.ts";

/** The newest line of each question by each hand, those without a label too. */
export interface Labelled {
  /** What a hand says of a row; undefined: it wasn't asked. `asked`: the value that was put to it. */
  by(hand: string, row: JudgeRow, question: { stem: string; asked: string | null }):
    | Label
    | undefined;
  /** All lines, older ones too: they were paid. */
  lines: readonly Label[];
}

/**
 * Reads what is said of the rows of a source.
 *
 * @throws {UserError} Exit 2 for a line that is no label, unless it is to be skipped.
 */
export async function readLabelled(
  source: Pick<JudgeSource, "places">,
  options: ReadLabelsOptions,
): Promise<Labelled> {
  const lines: Label[] = [];
  for (const place of source.places) lines.push(...await readLabels(labelsPathOf(place), options));
  return labelledIn(lines);
}

/** The same of lines that are read already. */
export function labelledIn(lines: readonly Label[]): Labelled {
  const newest = new Map<string, Label>();
  for (const label of lines) {
    newest.set(keyOf(label.by, label.row, label.attribute, label.asked ?? null), label);
  }
  return {
    lines,
    by(hand, row, { stem, asked }) {
      const label = newest.get(keyOf(hand, row.row, stem, asked));
      return label === undefined || !isOf(label, row) ? undefined : label;
    },
  };
}

function keyOf(by: string, row: number, attribute: string, asked: string | null): string {
  return JSON.stringify([by, row, attribute, asked]);
}

/**
 * Whether a label is of the text that the row has now: it isn't where the row was asked again since, or
 * the file has another text there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isOf } from "./labelled.ts";
 * const label = { at: "2026-01-31T12:00:00.000Z" };
 * assert(isOf(label, { at: "2026-01-31T11:00:00.000Z", text: "Hej" }));
 * assert(!isOf(label, { at: "2026-01-31T13:00:00.000Z", text: "Hej" }));
 * ```
 */
export function isOf(
  label: Pick<Label, "at" | "of">,
  { at, text }: Pick<JudgeRow, "at" | "text">,
): boolean {
  return (at === null || label.at >= at) && (label.of === undefined || label.of === textHash(text));
}

/** What a label of a file's row keeps of the text: 8 hexadecimal digits. */
export function textHash(text: string): string {
  return hash32("labelled text", text).toString(16).padStart(8, "0");
}
