import type { Config } from "../../config/types.ts";
import { keyedUniform } from "../../stats/random.ts";
import { languageDetector, LEAST_WORDS_FOR_LANGUAGE } from "../../text/detect_language.ts";
import { languageCode } from "../../text/language.ts";
import { countWords } from "../../text/words.ts";
import type { Labels } from "./realised.ts";
import type { Corpus } from "../reading/rows.ts";

/** How the languages of texts are detected. */
export interface DetectLanguagesOptions {
  /** The attribute that names languages. */
  stem: string;
  /** How values are worded in the prompt; without it they are as they are. */
  config?: Pick<Config, "attributes"> | null;
  /** Of the draw, where there are more rows than `most`; 1 if not given. */
  seed?: number;
  /** Rows that are measured at most, 20,000 if not given. */
  most?: number;
}

/**
 * The languages that the texts of a corpus really are in, of those that the values of an attribute
 * name.
 *
 * - What a text repeats word by word of the values that it was asked for ("Dog on board") says nothing
 *   about the language that it's written in: it is left out.
 * - Rows with fewer than five words then are not measured. In a script that is written without spaces
 *   words are the segments that lengths are counted in, so that about as long a text is asked for.
 * - Nor are rows that were asked for a language which can't be told from the others, since eld doesn't
 *   know it or takes two for one (see `languageDetector`), or since two values name it. Their value is
 *   none of the classes, and a text that is found in such a language is `other`.
 * - Nor are texts that could as well be in the language that fits next, such as short ones in Danish and
 *   Norwegian: `unclear` counts them. The more of them there are, the more of the others are mistaken:
 *   that is in `errors`. Of Danish texts fewer are clear than of English ones, so of the rows asked in
 *   Danish that came in English as many are left out, in even steps: else they would have too large a part
 *   of what was measured.
 *
 * @returns Null where the corpus has no such attribute, it isn't about the language, or none of its
 * languages can be told.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { detectLanguages } from "./languages.ts";
 * const { corpus } = corpusOf([
 *   { text: "Hvornår kører mit tog i morgen?", attributes: { language: "Danish" } },
 *   { text: "When does my train leave tomorrow?", attributes: { language: "Danish" } },
 * ]);
 * const labels = await detectLanguages(corpus, { stem: "language" });
 * assert.deepEqual(labels?.classes, ["Danish", "none", "other"]);
 * assert.deepEqual([...labels?.of ?? []], [0, 2]);
 * ```
 */
export async function detectLanguages(
  corpus: Pick<Corpus, "size" | "texts" | "words" | "attributes">,
  options: DetectLanguagesOptions,
): Promise<Labels | null> {
  const { stem, config = null, seed = 1, most = 20_000 } = options;
  const attribute = corpus.attributes.find((each) => each.stem === stem);
  if (attribute === undefined || !attribute.isLanguage) return null;
  const codes = attribute.values.map((value) => value === "" ? null : languageCode(value));
  const named = codes.filter((code) => code !== null);
  const { languages, tell } = await languageDetector([...new Set(named)]);
  const measured = attribute.values.filter((_, i) => {
    const code = codes[i] ?? null;
    return code !== null && languages.includes(code) &&
      named.indexOf(code) === named.lastIndexOf(code);
  });
  if (measured.length === 0) return null;

  const classes = [...measured, "none", "other"];
  const classOf = new Map(
    measured.map((value, i) => [codes[attribute.values.indexOf(value)] ?? "", i] as const),
  );
  classOf.set("none", classes.length - 2);
  const asked = attribute.values.map((value) => value === "" || measured.includes(value));
  const fits = (row: number) =>
    corpus.words[row]! >= LEAST_WORDS_FOR_LANGUAGE && asked[attribute.codes[row]!]!;
  let fitting = 0;
  for (let row = 0; row < corpus.size; row++) if (fits(row)) fitting++;
  // Each row is taken in the share of the rows left that are still wanted.
  let wanted = Math.min(most, fitting);
  const random = keyedUniform("languages", seed, stem);
  const own = ownWords(corpus, { stem, config });
  const of = new Int32Array(corpus.size).fill(-1);
  const isUnclear = new Uint8Array(corpus.size);
  for (let row = 0; row < corpus.size && wanted > 0; row++) {
    if (!fits(row) || random(row) * fitting-- >= wanted) continue;
    wanted--;
    const text = own(row);
    if (countWords(text) < LEAST_WORDS_FOR_LANGUAGE) continue;
    const { language, isClear } = tell(text);
    of[row] = classOf.get(language) ?? classes.length - 1;
    isUnclear[row] = isClear ? 0 : 1;
  }
  const places = attribute.values.map((value) => measured.indexOf(value));
  const askedOf = (row: number) => places[attribute.codes[row]!]!;
  const kept = clearRows(of, { isUnclear, askedOf, classes: classes.length });
  return { attribute: stem, by: "eld", classes, ...kept };
}

/** Rows of which each class is taken to have had as many more that were clear: few say little. */
const PRIOR_ROWS = 5;
/**
 * Unclear texts for one that is clear and yet mistaken: 4 were for 278 unclear ones among short commands
 * in Danish and Norwegian, and other texts may be worse.
 */
const UNCLEAR_FOR_MISTAKE = 50;

/** Leaves out what isn't clear, and as large a part of what turned into a class that is clearer. */
function clearRows(
  found: Int32Array,
  options: {
    isUnclear: Uint8Array;
    askedOf: (row: number) => number;
    classes: number;
  },
): Required<Pick<Labels, "of" | "unclear" | "errors">> {
  const { isUnclear, askedOf, classes } = options;
  const values = classes - 2;
  // By class: of texts that are of it, how many are clear. Nobody asks for none and other: all of them.
  const clear = new Float64Array(classes).fill(PRIOR_ROWS);
  const all = new Float64Array(classes).fill(PRIOR_ROWS);
  found.forEach((label, row) => {
    const asked = askedOf(row);
    // What is clearly something else says nothing of how clear the value asked for is.
    if (label < 0 || asked < 0 || (isUnclear[row] === 0 && label !== asked)) return;
    all[asked]! += 1;
    clear[asked]! += 1 - isUnclear[row]!;
  });
  const of = found.slice();
  const [unclearOf, measuredOf] = [new Float64Array(values), new Float64Array(values)];
  // By what was asked and what came: rows so far.
  const turned = new Uint32Array(values * classes);
  let unclear = 0;
  found.forEach((label, row) => {
    if (label < 0) return;
    const asked = askedOf(row);
    if (isUnclear[row] === 1) {
      of[row] = -1;
      unclear++;
      if (asked >= 0) unclearOf[asked]! += 1;
      return;
    }
    if (asked >= 0 && asked !== label) {
      const part = Math.min(1, clear[asked]! / all[asked]! / (clear[label]! / all[label]!));
      const met = turned[asked * classes + label]!++;
      if (Math.ceil((met + 1) * part) === Math.ceil(met * part)) of[row] = -1;
    }
    if (asked >= 0 && of[row]! >= 0) measuredOf[asked]! += 1;
  });
  const errors = unclearOf.map((rows, r) =>
    rows === 0 ? 0 : Math.min(1, rows / UNCLEAR_FOR_MISTAKE / Math.max(1, measuredOf[r]!))
  );
  return { of, unclear, errors };
}

/** The text of a row without what it repeats of the values, and their wordings, it was asked for. */
function ownWords(
  { attributes, texts }: Pick<Corpus, "texts" | "attributes">,
  { stem, config }: { stem: string; config: Pick<Config, "attributes"> | null },
): (row: number) => string {
  const phrases = attributes.filter((attribute) => attribute.stem !== stem)
    .map((attribute) => {
      const items = config?.attributes[attribute.stem];
      const wordings = new Map(items?.map(({ value, prompt }) => [value, prompt]));
      const patterns = attribute.values.map((value) => {
        const told = [wordings.get(value) ?? "", value].filter((words) => words !== "");
        return told.length === 0 ? null : repeated(told);
      });
      return { codes: attribute.codes, patterns };
    });
  return (row) =>
    phrases.reduce((text, { codes, patterns }) => {
      const pattern = patterns[codes[row]!];
      return pattern ? text.replace(pattern, " ") : text;
    }, texts[row]!);
}

/** Finds phrases as whole words in upper or lower case, the first of them first. */
function repeated(phrases: readonly string[]): RegExp {
  const either = phrases.map((phrase) => RegExp.escape(phrase)).join("|");
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${either})(?![\\p{L}\\p{N}])`, "giu");
}
