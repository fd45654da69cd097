import { posedFor } from "../judge/pose.ts";
import { NO_VALUE, type Question } from "../judge/questions.ts";
import { type Label, PERSON } from "../run/log/labels.ts";
import type { Candidate } from "./choose.ts";

/** What a person is asked about every text for one attribute. */
export interface AskedOfPerson {
  attribute: string;
  kind: Question["kind"];
  /** In the config's order, the same for every text: fingers learn it. */
  answers: readonly { label: string; description: string | null }[];
}

/** A text to label. It tells nothing of what was asked for or what a judge said. */
export interface SheetRow extends Candidate {
  /** Well-formed Unicode. */
  text: string;
  /** By stem of what is followed or not: the value that is asked about. */
  asked: Readonly<Record<string, string>>;
  /** By stem: what the person has said so far. */
  labels: Readonly<Record<string, string>>;
}

/** All that a person is asked. */
export interface Sheet {
  /** The run's name. */
  name: string;
  questions: readonly AskedOfPerson[];
  rows: readonly SheetRow[];
}

/**
 * The questions as a person is asked them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { askedOfPerson } from "./sheet.ts";
 * const values = [{ value: "Calm", description: null }];
 * const [tone] = askedOfPerson([{ stem: "tone", kind: "one", values }]);
 * assert.deepEqual(tone?.answers.map(({ label }) => label), ["Calm", "none", "other"]);
 * ```
 */
export function askedOfPerson(questions: readonly Question[]): AskedOfPerson[] {
  return questions.map(({ stem, kind, values }) => {
    const own = kind === "followed"
      ? ["yes", "no"].map((label) => ({ label, description: null }))
      : values.map(({ value, description }) => ({ label: value, description }));
    const without = kind === "followed"
      ? []
      : NO_VALUE.filter((name) => !own.some(({ label }) => label === name))
        .map((label) => ({ label, description: null }));
    return { attribute: stem, kind, answers: [...own, ...without] };
  });
}

/**
 * A chosen row as it is put to a person, with what that person has said of it.
 *
 * @param labels The person's labels of this row that count.
 * @param options `requested`: what the row was asked for; only the draw of an instruction knows it.
 */
export function sheetRow(
  chosen: Candidate,
  labels: readonly Label[],
  options: {
    text: string;
    questions: readonly Question[];
    requested: Readonly<Record<string, string>>;
    seed: number;
  },
): SheetRow {
  const { questions, requested, seed } = options;
  const asked: Record<string, string> = {};
  for (const { stem, about } of posedFor(questions, { row: chosen.row, seed, requested })) {
    if (about !== null) asked[stem] = about;
  }
  const said: Record<string, string> = {};
  for (const { attribute, answers } of askedOfPerson(questions)) {
    // Rows that were picked may have been known; and an instruction may have been another then.
    const label = labels.find((each) =>
      each.attribute === attribute && each.asked === asked[attribute] && each.sample !== "picked"
    )?.label;
    if (answers.some((answer) => answer.label === label)) said[attribute] = label ?? "";
  }
  return { ...chosen, text: options.text.toWellFormed(), asked, labels: said };
}

/** What a person says of one text; null takes it back. */
export interface Said {
  row: number;
  attribute: string;
  label: string | null;
}

/**
 * The label to keep of what a person says.
 *
 * @param at When it was said.
 * @returns Why it is none, where it isn't about a text and a question of the sheet.
 */
export function labelOf(said: Said, sheet: Sheet, at: Date): Label | string {
  const row = sheet.rows.find(({ row }) => row === said.row);
  if (row === undefined) return `row ${said.row} is none of those to label`;
  const question = sheet.questions.find(({ attribute }) => attribute === said.attribute);
  if (question === undefined) return `${JSON.stringify(said.attribute)} is no attribute to label`;
  const known = question.answers.some(({ label }) => label === said.label);
  if (said.label !== null && !known) {
    return `${JSON.stringify(said.label)} is no answer for ${said.attribute}`;
  }
  const asked = row.asked[said.attribute];
  return {
    row: said.row,
    attribute: said.attribute,
    label: said.label,
    ...(asked === undefined ? {} : { asked }),
    by: PERSON,
    sample: row.sample,
    p: row.p,
    at: at.toISOString(),
  };
}

/** The sheet after a label was kept. */
export function withLabel(sheet: Sheet, { row, attribute, label }: Label): Sheet {
  return {
    ...sheet,
    rows: sheet.rows.map((each) => {
      if (each.row !== row) return each;
      const { [attribute]: _before, ...others } = each.labels;
      return { ...each, labels: label === null ? others : { ...others, [attribute]: label } };
    }),
  };
}
