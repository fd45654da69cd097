import type { AnalysisRow } from "../analysis/reading/rows.ts";
import { languageCode } from "../text/language.ts";
import { tokenPositions } from "../text/token_positions.ts";
import { tokenize } from "../text/tokens.ts";
import { type Mark, markedText } from "./marked_text.ts";
import type { TableRow } from "./table.ts";

/** A row as it is marked: a record of a run will do. */
export interface MarkableRow extends Pick<AnalysisRow, "row" | "attributes" | "text"> {
  /** Default ok. */
  outcome?: AnalysisRow["outcome"];
}

/**
 * Ok rows that have some of the terms, as lines of a table in which these are marked: for `show`. Terms
 * are found as words, whatever their case or the shape of their apostrophes; what is marked is the
 * text as it stands.
 *
 * @param terms Words, or phrases of words joined by spaces.
 * @param options `most`: rows at most, default 5; of more rows that have a term they are taken evenly
 * from the first to the last.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { markedRows } from "./marked_rows.ts";
 * import { show } from "./show.ts";
 * const lines: string[] = [];
 * const rows = [{ row: 3, attributes: { tone: "Angry" }, text: "Could you, please?" }];
 * await show(markedRows(rows, ["could you please"]), { write: (text) => lines.push(text) });
 * assert(lines[0]?.includes("»Could you, please«?"));
 * ```
 */
export function markedRows(
  rows: Iterable<MarkableRow>,
  terms: readonly string[],
  options: { most?: number } = {},
): TableRow[] {
  const most = Math.max(1, options.most ?? 5);
  const phrases = terms.map((term) => tokenize(term)).filter(({ length }) => length > 0);
  const having = Array.from(rows).filter(({ text, attributes, outcome = "ok" }) =>
    outcome === "ok" && text !== null && hasOne(tokenize(text, languageOf(attributes)), phrases)
  );
  const shown = having.length <= most
    ? having
    : Array.from({ length: most }, (_, i) => having[Math.floor(i * having.length / most)])
      .filter((row) => row !== undefined);
  return shown.map(({ row, text, attributes }) => ({
    row,
    text: markedText(text ?? "", marksOf(text ?? "", { phrases, attributes })),
    ...Object.fromEntries(
      Object.entries(attributes).map(([stem, value]) =>
        [stem === "row" || stem === "text" ? `${stem} asked` : stem, value] as const
      ),
    ),
  }));
}

function hasOne(words: readonly string[], phrases: readonly string[][]): boolean {
  return phrases.some((phrase) => words.some((_, place) => standsAt(words, place, phrase)));
}

function standsAt(words: readonly string[], place: number, phrase: readonly string[]): boolean {
  return phrase.every((word, i) => words[place + i] === word);
}

function marksOf(
  text: string,
  { phrases, attributes }: { phrases: readonly string[][]; attributes: Record<string, string> },
): Mark[] {
  const placed = tokenPositions(text.slice(0, READ), languageOf(attributes));
  const words = placed.map(({ word }) => word);
  return phrases.flatMap((phrase) =>
    placed.flatMap(({ start }, place) => {
      const last = placed[place + phrase.length - 1];
      return last === undefined || !standsAt(words, place, phrase)
        ? []
        : [{ start, end: last.end }];
    })
  );
}

/** Tables show less of a text than this, in code units: what comes later needs no marks. */
const READ = 2_000;

/** The language that the row was asked for in, as far as an attribute names one. */
function languageOf(attributes: Record<string, string>): { language?: string } {
  for (const value of Object.values(attributes)) {
    const language = languageCode(value);
    if (language !== null) return { language };
  }
  return {};
}
