import * as lists from "stopword";

/** The lists of `stopword` by base code; it names them by three letters. */
const LISTS: Record<string, string> = {
  af: "afr",
  ar: "ara",
  bg: "bul",
  bn: "ben",
  br: "bre",
  ca: "cat",
  cs: "ces",
  da: "dan",
  de: "deu",
  el: "ell",
  en: "eng",
  eo: "epo",
  es: "spa",
  et: "est",
  eu: "eus",
  fa: "fas",
  fi: "fin",
  fil: "tgl",
  fr: "fra",
  ga: "gle",
  gl: "glg",
  gu: "guj",
  ha: "hau",
  he: "heb",
  hi: "hin",
  hr: "hrv",
  hu: "hun",
  hy: "hye",
  id: "ind",
  it: "ita",
  ja: "jpn",
  ko: "kor",
  ku: "kur",
  la: "lat",
  lt: "lit",
  lv: "lav",
  mr: "mar",
  ms: "msa",
  my: "mya",
  nb: "nob",
  nl: "nld",
  nn: "nob",
  no: "nob",
  pa: "panGu",
  pl: "pol",
  pt: "por",
  ro: "ron",
  ru: "rus",
  sk: "slk",
  sl: "slv",
  so: "som",
  st: "sot",
  sv: "swe",
  sw: "swa",
  th: "tha",
  tl: "tgl",
  tr: "tur",
  uk: "ukr",
  ur: "urd",
  vi: "vie",
  yo: "yor",
  zh: "zho",
  zu: "zul",
};

/**
 * Function words that a list lacks: without them "when", "I'm" or "on" (Finnish "is") would lead any
 * list of words that stand everywhere. Pronouns, articles, auxiliaries, conjunctions, prepositions
 * and question words only.
 */
const ALSO: Record<string, string> = {
  en: "above again against below cannot does down during either else even ever few further " +
    "having hers herself i'd i'll i'm i've its itself just may mine myself neither no " +
    "nobody none nor not nothing off once one onto ours ourselves own per quite rather " +
    "shall she so theirs themselves therefore though thus together unless until upon us " +
    "used via whatever when whenever wherever whether whichever whoever whole whom whose " +
    "why will within without yet yours yourself yourselves",
  es: "aquel aquella aunque cada cuál cuáles cuándo cuánta cuántas cuánto cuántos cómo da " +
    "dónde ellas ellos era es esa esas esos esta estaba estamos estas este esto estos " +
    "estoy está están fue ha haber hace hacer han has hay he les mis muchas mucho muchos " +
    "nosotros nuestra nuestras nuestro nuestros os otra otras otros podría podrían puede " +
    "pueden puedo pues quienes quién sea según ser si sido siempre somos son soy tal tan " +
    "tanto tener tengo tiene tienen toda todas todo todos tuya tuyo unas unos usted " +
    "ustedes ve vosotros vuestra vuestro yo",
  fi: "ehkä eikä emme en et ette heidän heille hänelle häntä itse joihin jolla jos jota " +
    "kautta keitä kenelle keneltä ketkä koko kuinka kuka kunnes me meidän meille meitä " +
    "mihin miksi mikä mikäli milloin millä minkä minua minulla minulle minulta minun " +
    "minut minä missä mistä miten mitkä mitä muu muut ne niiden niille niin niitä noiden " +
    "nuo nyt näiden nämä olemme olen olet oletko olette olin olisi olisiko olisin olla " +
    "onko saako saan saanko siellä siihen siinä siis siitä sille silloin sinua sinulla " +
    "sinulle sinun sinä sitten te teidän teille teillä teitä tuo tuolla tähän tälle " +
    "tällä tämä tänne tässä tästä täällä vaan vai vaikka vielä voiko voimme voin voinko " +
    "voisi voisiko voisin voisinko voitko voitteko",
  nb: "alt andre då eg få får fått gå ikkje jo la må måtte nei ta vel",
};

/**
 * Entries of lists that say something all the same: courtesies, greetings, and words of quality,
 * size, time and matter. A model that thanks or apologises in each row must not go unseen.
 */
const NOT: Record<string, string> = {
  da: "okay hej god godt stor store lille sige",
  de:
    "allgemeinen bekannt beispiel danke ehrlich gott gut gute guter gutes jahr jahre jahren klein " +
    "kleine kleinen kleiner kleines kurz lang lange leicht leide mann mensch menschen mittel morgen " +
    "möglich natürlich ordnung recht rechte rechten rechter rechtes richtig rund sache schlecht " +
    "schluss startseite suche tag tage tagen tat teil tel uhr vergangenen wirklich zeit",
  sv:
    "adjö beslut beslutat beslutit bra bäst bättre dag dagar dagarna dagen del delen enkel enkelt " +
    "enkla förlåt genast god goda godare godast gott hög höger högre högst idag igår imorgon jämfört " +
    "kr likställd likställda lätt lättare lättast långsam långsammare långsammast långsamt möjlig " +
    "möjligt nummer nödvändig nödvändiga nödvändigt snart sämre sämst tack tidig tidigare tidigast " +
    "tidigt tillsammans ursäkt varsågod verkligen viktig viktigare viktigast viktigt vänster vänstra " +
    "värre övermorgon",
};

const known = new Map<string, ReadonlySet<string>>();

/**
 * Whether a word is one of those that hold sentences together and say nothing of their own: "the",
 * "och", "ist". English contractions are where their parts are ("don't", "there's"). The lists are
 * those of `stopword`; in English, Spanish, Finnish and Norwegian they are filled up, in Danish,
 * German and Swedish courtesies and words of content are taken out.
 *
 * @param word One word as `tokenize` gives it.
 * @param options `language`: base code; where it has no list, no word is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isFunctionWord } from "./function_words.ts";
 * assert.ok(isFunctionWord("don't", { language: "en" }));
 * assert.ok(!isFunctionWord("tack", { language: "sv" }));
 * assert.ok(!isFunctionWord("the", { language: "und" }));
 * ```
 */
export function isFunctionWord(word: string, options: { language: string }): boolean {
  const { language } = options;
  const words = functionWords(language);
  if (words.has(word)) return true;
  return language === "en" && word.includes("'") && words.has(uncontracted(word));
}

/** "don't" → "do", "they're" → "they"; a word's own "'s" too, since "loan's" tells of a loan. */
function uncontracted(word: string): string {
  if (word === "can't" || word === "won't" || word === "shan't") return "can";
  return word.replace(/(?:n't|'(?:d|ll|m|re|s|t|ve))$/, "");
}

function functionWords(language: string): ReadonlySet<string> {
  let words = known.get(language);
  if (words === undefined) {
    const name = LISTS[language];
    const list: unknown = name === undefined ? [] : Reflect.get(lists, name);
    const base = language === "nn" || language === "no" ? "nb" : language;
    const split = (text: string | undefined) => (text ?? "").split(" ").filter((each) => each);
    const found = new Set<string>();
    for (const entry of Array.isArray(list) ? list : []) {
      if (typeof entry === "string") found.add(entry.normalize("NFC").toLowerCase());
    }
    for (const word of split(ALSO[base])) found.add(word);
    for (const word of split(NOT[base])) found.delete(word);
    known.set(language, words = found);
  }
  return words;
}
