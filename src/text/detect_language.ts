import { countWords } from "./words.ts";

/** Says which of a few languages texts are in. */
export interface LanguageDetector {
  /** Those of the languages asked for that can be told, in their order. */
  languages: readonly string[];
  /** One of `languages`; `other` for any other language; `none` for a text that has no words. */
  detect: (text: string) => string;
  /** Likewise, and whether it's clear: an unclear text could as well be in the language that fits next. */
  tell: (text: string) => { language: string; isClear: boolean };
}

/** Texts of fewer words say too little: of pairs of words eld takes one in nine for another language. */
export const LEAST_WORDS_FOR_LANGUAGE = 5;

/**
 * A language outside those asked for wins only where they fit clearly worse: a Danish text may look a
 * bit more like Norwegian, which nobody asked for. Own sentences of eight languages fit at least 1.07
 * times as well in their own language as in the best of the others, and at most .55 times as well in
 * a language that isn't close.
 */
const CLEARLY_WORSE = 0.9;

/**
 * How many times as well as the next one a language has to fit to be clear. Of 644 short commands in
 * Danish and Norwegian, which are hard to tell apart, eld takes 11 % for the other one, but 4 of the
 * 366 for which one fits so much better.
 */
const CLEARLY_BETTER = 1.15;
/**
 * Likewise for English, and for a language that wasn't asked for: titles and names in them stand in
 * texts of all languages. A text that is wholly in one fits nearly twice as well in it.
 */
const FOREIGN = 1.5;

/** What eld calls these languages; it takes some for one. All else goes by its own code. */
const ELD_CODES: Record<string, readonly string[]> = {
  nb: ["no"],
  nn: ["no"],
  id: ["ms"],
  fil: ["tl"],
  // Serbian is written in both scripts; eld takes it for Croatian in the Latin one.
  sr: ["sr", "hr"],
  bs: ["hr", "sr"],
  // eld knows Sorani, in Arabic script; most other Kurdish is written in the Latin one.
  ku: [],
};

/** Languages that eld 2.1.0 knows. */
const KNOWN = new Set(
  ("am ar az be bg bn ca cs da de el en es et eu fa fi fr gu he hi hr hu hy is it ja ka kn ko lo lt " +
    "lv ml mr ms nl no or pa pl pt ro ru sk sl sq sr sv ta te th tl tr uk ur vi yo zh").split(" "),
);

/**
 * A detector for a few languages, by eld's model `large`: 10 points better on short texts than
 * `small`, at 40 MB more memory and about .1 s more to load. It's loaded on the first call, in
 * about half a second. A text takes some 50 µs.
 *
 * A language can be told where eld knows it and none of the others is one to eld: it takes Norwegian
 * Bokmål and Nynorsk for one, Malay and Indonesian, Croatian, Bosnian and Serbian, and Chinese in any
 * script. English is always thought of too, since models fall back on it.
 *
 * @param languages Base codes ("sv"), each once.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { languageDetector } from "./detect_language.ts";
 * const { detect, tell } = await languageDetector(["sv", "da"]);
 * assert.equal(detect("Hej, jag undrar varför mitt tåg är försenat."), "sv");
 * assert.equal(detect("Hello, I wonder why my train is late."), "other");
 * assert.equal(tell("Jeg vil spille Happy Birthday to You").isClear, false);
 * ```
 */
export async function languageDetector(languages: readonly string[]): Promise<LanguageDetector> {
  const codes = new Map(languages.map((language) => [language, eldCodes(language)]));
  const told = languages.filter((language) => {
    const own = codes.get(language) ?? [];
    return own.length > 0 &&
      languages.every((other) =>
        other === language || !codes.get(other)?.some((code) => own.includes(code))
      );
  });
  const inside = new Map([
    ["en", "other"],
    // What can't be told apart is still no reason to take a text for something else.
    ...languages.flatMap((language) =>
      (codes.get(language) ?? []).map((code): [string, string] => [code, "other"])
    ),
    ...told.flatMap((language) =>
      (codes.get(language) ?? []).map((code): [string, string] => [code, language])
    ),
  ]);
  const { eld } = await import("eld/large");
  const tell = (text: string) => {
    let best: { code: string; fit: number } | null = null;
    let next = 0;
    let outside = 0;
    const scores: Record<string, number> = eld.detect(text).getScores();
    for (const [code, score] of Object.entries(scores)) {
      // eld's score is fit / (fit + 25), with the fit summed over n-grams and divided by their number.
      const fit = score / (1 - score);
      if (!inside.has(code)) outside = Math.max(outside, fit);
      else if (best === null || fit > best.fit) {
        next = best?.fit ?? 0;
        best = { code, fit };
      } else next = Math.max(next, fit);
    }
    if (best === null) return { language: outside > 0 ? "other" : "none", isClear: true };
    const { code, fit } = best;
    if (fit < CLEARLY_WORSE * outside) {
      return { language: "other", isClear: outside >= FOREIGN * fit };
    }
    const margin = code === "en" ? FOREIGN : CLEARLY_BETTER;
    return { language: inside.get(code) ?? "other", isClear: fit >= margin * next };
  };
  return { languages: told, tell, detect: (text) => tell(text).language };
}

function eldCodes(language: string): readonly string[] {
  return ELD_CODES[language] ?? (KNOWN.has(language) ? [language] : []);
}

/** How many of some of the texts are in which language, of all that eld knows. */
async function countLanguages(
  texts: readonly string[],
  most = 500,
): Promise<{ counts: Map<string, number>; size: number }> {
  const long = texts.filter((text) => countWords(text) >= LEAST_WORDS_FOR_LANGUAGE);
  const asked = long.length > 0 ? long : texts;
  const size = Math.min(most, asked.length);
  const counts = new Map<string, number>();
  if (size === 0) return { counts, size };
  const { eld } = await import("eld/large");
  for (let i = 0; i < size; i++) {
    const text = asked[Math.floor(i * asked.length / size)]!;
    const { language }: { language: string } = eld.detect(text);
    if (language !== "") counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return { counts, size };
}

/** With this share of the texts one language is taken to be that of all. */
const NEARLY_ALL = 0.9;
/** A language of fewer texts, or of a smaller share of them, is most likely taken for another one. */
const FEWEST = 3;
const SOME = 0.03;

/**
 * Tells the language of texts that nobody asked for in one, from at most 500 of them, spread evenly
 * over all: those of five words and more, where there are any. Where nearly all of these are in one
 * language, that is the language of every text, at no cost; else each text is looked at, among the
 * languages that at least 3 % of them are in, and 3 texts.
 *
 * @returns A base code, or a function from a text to one; `und` where it can't be told.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { languagesOfTexts } from "./detect_language.ts";
 * const swedish = new Array(3).fill("Kan jag ta med mig cykeln på tåget?");
 * const english = new Array(3).fill("How much is a monthly ticket, please?");
 * assert.equal(await languagesOfTexts({ texts: english }), "en");
 * const language = await languagesOfTexts({ texts: [...swedish, ...english] });
 * assert(typeof language === "function" && language("Var är min nya cykel någonstans?") === "sv");
 * ```
 */
export async function languagesOfTexts(
  { texts }: { texts: readonly string[] },
  options: { most?: number } = {},
): Promise<string | ((text: string) => string)> {
  const { counts, size } = await countLanguages(texts, options.most);
  for (const [language, count] of counts) if (count >= NEARLY_ALL * size) return language;
  const some = [...counts].filter(([, count]) => count >= Math.max(FEWEST, SOME * size));
  const { detect, languages } = await languageDetector(some.map(([code]) => code));
  if (languages.length <= 1) return languages[0] ?? "und";
  return (text) => {
    const found = detect(text);
    return languages.includes(found) ? found : "und";
  };
}
