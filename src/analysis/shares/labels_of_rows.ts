import { textHash } from "../../judge/labelled.ts";
import { type Label, newestLabels, PERSON } from "../../run/log/labels.ts";
import type { FollowedAnswers, FollowedLabels } from "./followed.ts";
import type { Corpus, CorpusAttribute } from "../reading/rows.ts";
import type { Labels } from "./realised.ts";

/** Labels of the rows of one source, by its index among the corpus's runs. */
export interface SourceLabels {
  run: number;
  labels: readonly Label[];
}

/** What a judge and persons say of a corpus's rows. */
export interface RowLabels {
  /** For each attribute that was labelled by its values. */
  realised: Labels[];
  /** For each attribute whose instructions were labelled as followed or not. */
  followed: FollowedLabels[];
}

/** What a text is called that is none of an attribute's values. */
const NO_VALUE = ["none", "other"] as const;
const JUDGE = "judge:";

/**
 * Makes what labels are of rows and attributes. A row's newest label by the same hand counts, unless
 * the row was made again since. Rows that were picked say nothing of shares, so their labels are left
 * out. Of several judges of an attribute the one counts that labelled most of its rows, and of equals
 * the one that labelled last. Where a judge counts, persons' labels stand beside its own, those of
 * rows that it hasn't labelled too; else they stand alone.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { labelsOfRows } from "./labels_of_rows.ts";
 * const { corpus } = corpusOf([{ text: "Where is it?!", attributes: { tone: "Calm" } }]);
 * const label = { row: 0, attribute: "tone", label: "other", sample: "random" as const, p: 1, at: "" };
 * const { realised } = labelsOfRows(corpus, [{ run: 0, labels: [{ ...label, by: "person" }] }]);
 * assert.deepEqual([realised[0]?.by, realised[0]?.of[0]], ["person", 2]);
 * ```
 */
export function labelsOfRows(corpus: Corpus, sources: readonly SourceLabels[]): RowLabels {
  const placed = placedLabels(corpus, sources);
  const realised = corpus.attributes.flatMap((attribute) => {
    const own = placed.get(attribute.stem)?.filter(({ label }) => label.asked === undefined) ?? [];
    const found = valuesSaid(corpus, { attribute, own });
    return found === null ? [] : [found];
  });
  const followed = corpus.attributes.flatMap((attribute) => {
    const own = placed.get(attribute.stem)?.filter(({ label }) => label.asked !== undefined) ?? [];
    const found = answersSaid({ attribute, own });
    return found === null ? [] : [found];
  });
  return { realised, followed };
}

/** A label that counts, with its row's index in the corpus and how many rows it stands for. */
interface Placed {
  index: number;
  label: Label;
  weight: number;
}

/** The labels that count, by stem. */
function placedLabels(
  corpus: Corpus,
  sources: readonly SourceLabels[],
): Map<string, Placed[]> {
  const byRow = new Map<string, Label[]>();
  for (const { run, labels } of sources) {
    for (const label of newestLabels(labels)) {
      // Picked rows are no part of the whole.
      if (label.p === null || label.sample === "picked") continue;
      if (label.by !== PERSON && !label.by.startsWith(JUDGE)) continue;
      const place = `${run} ${label.row}`;
      const those = byRow.get(place);
      if (those === undefined) byRow.set(place, [label]);
      else those.push(label);
    }
  }
  const placed = new Map<string, Placed[]>();
  if (byRow.size === 0) return placed;
  for (let index = 0; index < corpus.size; index++) {
    const made = corpus.madeAt?.[index] ?? NaN;
    for (const label of byRow.get(`${corpus.runOf[index]} ${corpus.numbers[index]}`) ?? []) {
      // It was said of a text that isn't there any more.
      if (Date.parse(label.at) < made) continue;
      if (label.of !== undefined && label.of !== textHash(corpus.texts[index] ?? "")) continue;
      const those = placed.get(label.attribute) ?? [];
      placed.set(label.attribute, those);
      those.push({ index, label, weight: 1 / (label.p ?? 1) });
    }
  }
  return placed;
}

/** Learns from hand labels, so any model that reads texts goes before it. */
const HAND = "judge:hand";

/** The judge that labelled most rows, of equals the one that did so last; null: none did any. */
function judgeOf(placed: readonly Placed[]): string | null {
  const judges = new Map<string, { rows: number; last: string }>();
  for (const { label: { by, at } } of placed) {
    if (!by.startsWith(JUDGE)) continue;
    const { rows, last } = judges.get(by) ?? { rows: 0, last: "" };
    judges.set(by, { rows: rows + 1, last: at > last ? at : last });
  }
  const [first] = [...judges].sort(([one, a], [other, b]) =>
    Number(one === HAND) - Number(other === HAND) || b.rows - a.rows ||
    (a.last < b.last ? 1 : a.last > b.last ? -1 : 0)
  );
  return first === undefined ? null : first[0];
}

function valuesSaid(
  corpus: Corpus,
  { attribute, own }: { attribute: CorpusAttribute; own: readonly Placed[] },
): Labels | null {
  const values = attribute.values.filter((value) => value !== "");
  const classes = [...values.filter((value) => !isNoValue(value)), ...NO_VALUE];
  const known = own.filter(({ label }) => classes.includes(label.label ?? ""));
  const judge = judgeOf(known);
  const saidBy = (by: string): Required<Pick<Labels, "of" | "weights">> => {
    const of = new Int32Array(corpus.size).fill(-1);
    const weights = new Float64Array(corpus.size);
    for (const { index, label, weight } of known) {
      if (label.by !== by) continue;
      of[index] = classes.indexOf(label.label ?? "");
      weights[index] = weight;
    }
    return { of, weights };
  };
  const isLabelled = known.some(({ label }) => label.by === PERSON);
  const lead = { attribute: attribute.stem, classes };
  if (judge !== null) {
    return {
      ...lead,
      by: judge,
      ...saidBy(judge),
      ...(isLabelled ? { byHand: saidBy(PERSON) } : {}),
    };
  }
  return isLabelled ? { ...lead, by: PERSON, ...saidBy(PERSON) } : null;
}

function isNoValue(value: string): boolean {
  return NO_VALUE.some((name) => name === value);
}

function answersSaid(
  { attribute, own }: { attribute: CorpusAttribute; own: readonly Placed[] },
): FollowedLabels | null {
  const known = own.filter(({ label }) => label.label === "yes" || label.label === "no");
  const by = judgeOf(known) ?? PERSON;
  const answers = new Map<string, FollowedAnswers>();
  for (const { index, label, weight } of known) {
    if (label.by !== by && label.by !== PERSON) continue;
    const asked = label.asked ?? "";
    const key = JSON.stringify([index, asked]);
    const said = answers.get(key) ?? {
      asked,
      isOwn: attribute.values[attribute.codes[index] ?? 0] === asked,
      judge: null,
      person: null,
    };
    answers.set(key, said);
    said[label.by === PERSON ? "person" : "judge"] = { yes: label.label === "yes", weight };
  }
  return answers.size === 0
    ? null
    : { attribute: attribute.stem, by, answers: [...answers.values()] };
}
