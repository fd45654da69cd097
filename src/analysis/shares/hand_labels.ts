import { type Label, newestLabels } from "../../run/log/labels.ts";
import { type Interval, wilson } from "../../stats/intervals.ts";
import type { FollowedShare } from "../findings.ts";
import type { Corpus, CorpusAttribute } from "../reading/rows.ts";
import type { Labels } from "./realised.ts";

/** Labels of the rows of one source, by its index among the corpus's runs. */
export interface SourceLabels {
  run: number;
  labels: readonly Label[];
}

/** What persons say of a corpus's rows. */
export interface HandLabels {
  /** For each attribute that was labelled by its values. */
  realised: Labels[];
  /** By stem, then value: whether texts do what an instruction asks. */
  followed: Map<string, Map<string, FollowedShare>>;
}

/** What a person calls a text that is none of an attribute's values. */
const NO_VALUE = ["none", "other"] as const;

/** Makes what labels are of rows and attributes: a person's, of rows that were drawn by chance. */
export function handLabels(corpus: Corpus, sources: readonly SourceLabels[]): HandLabels {
  const byRow = new Map<string, Label[]>();
  for (const { run, labels } of sources) {
    for (const label of newestLabels(labels)) {
      // Picked rows are no part of the whole, so they say nothing about its shares.
      if (label.by !== "person" || label.p === null) continue;
      const place = `${run} ${label.row}`;
      const those = byRow.get(place);
      if (those === undefined) byRow.set(place, [label]);
      else those.push(label);
    }
  }
  if (byRow.size === 0) return { realised: [], followed: new Map() };
  const labelled: { index: number; labels: Label[] }[] = [];
  for (let index = 0; index < corpus.size; index++) {
    const labels = byRow.get(`${corpus.runOf[index]} ${corpus.numbers[index]}`);
    if (labels !== undefined) labelled.push({ index, labels });
  }
  const realised = corpus.attributes.flatMap((attribute) => {
    const found = classesOf(corpus, { attribute, labelled });
    return found === null ? [] : [found];
  });
  return { realised, followed: followedOf(corpus, labelled) };
}

function classesOf(
  corpus: Corpus,
  options: {
    attribute: CorpusAttribute;
    labelled: readonly { index: number; labels: readonly Label[] }[];
  },
): Labels | null {
  const { attribute, labelled } = options;
  const values = attribute.values.filter((value) => value !== "");
  const classes = [...values.filter((value) => !isNoValue(value)), ...NO_VALUE];
  const of = new Int32Array(corpus.size).fill(-1);
  let known = 0;
  for (const { index, labels } of labelled) {
    const own = labels.find((label) =>
      label.attribute === attribute.stem && label.asked === undefined
    );
    const place = own === undefined ? -1 : classes.indexOf(own.label ?? "");
    if (place < 0) continue;
    of[index] = place;
    known++;
  }
  return known === 0 ? null : { attribute: attribute.stem, by: "person", classes, of };
}

function isNoValue(value: string): boolean {
  return NO_VALUE.some((name) => name === value);
}

function followedOf(
  corpus: Corpus,
  labelled: readonly { index: number; labels: readonly Label[] }[],
): HandLabels["followed"] {
  const counts = new Map<string, Map<string, { own: Count; others: Count }>>();
  for (const { index, labels } of labelled) {
    for (const { attribute: stem, asked, label } of labels) {
      const attribute = corpus.attributes.find((each) => each.stem === stem);
      if (asked === undefined || attribute === undefined) continue;
      const ofStem = counts.get(stem) ?? new Map<string, { own: Count; others: Count }>();
      counts.set(stem, ofStem);
      const found = ofStem.get(asked) ?? { own: { yes: 0, rows: 0 }, others: { yes: 0, rows: 0 } };
      ofStem.set(asked, found);
      const isOwn = attribute.values[attribute.codes[index] ?? 0] === asked;
      const count = isOwn ? found.own : found.others;
      count.rows += 1;
      if (label === "yes") count.yes += 1;
    }
  }
  return new Map(
    Array.from(counts, ([stem, ofStem]) => [
      stem,
      new Map(
        Array.from(ofStem).flatMap(([value, { own, others }]) =>
          own.rows === 0
            ? []
            : [[value, { ...shareOf(own), unasked: others.rows === 0 ? null : shareOf(others) }]]
        ),
      ),
    ]),
  );
}

interface Count {
  yes: number;
  rows: number;
}

function shareOf({ yes, rows }: Count): Interval & { share: number } {
  return { share: yes / rows, ...wilson(yes, rows) };
}
