/**
 * The language that a text names: by its name in English ("Swedish"), in itself ("svenska"), or by
 * its code, alone or with a script or region ("sv", "sv-SE"). Upper and lower case and accents make
 * no difference; what stands in brackets after a name is left out where it isn't known.
 *
 * @returns The base code of BCP 47 in lower case, such as "sv"; null where it names no language.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { languageCode } from "./language.ts";
 * assert.ok(languageCode("Norwegian Bokmål") === "nb");
 * assert.ok(languageCode("svenska") === "sv");
 * assert.ok(languageCode("angry") === null);
 * ```
 */
export function languageCode(name: string): string | null {
  names ??= languageNames();
  const key = fold(name);
  const named = names.get(key) ?? names.get(key.replace(/\s*\([^()]*\)$/, ""));
  return named ?? names.get(baseCode(key.replaceAll("_", "-")) ?? "") ?? null;
}

/** The language of a tag under its present code ("iw" is "he" by now); null where it isn't a tag. */
function baseCode(tag: string): string | null {
  try {
    return new Intl.Locale(tag).language;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Whether an attribute with these values is about the language: all of them that aren't empty name
 * one, and there is at least one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isLanguageAttribute } from "./language.ts";
 * assert.ok(isLanguageAttribute(["", "English", "Danish"]));
 * assert.ok(!isLanguageAttribute(["English", "Rude"]));
 * ```
 */
export function isLanguageAttribute(values: string[]): boolean {
  const named = values.filter((value) => value !== "");
  return named.length > 0 && named.every((value) => languageCode(value) !== null);
}

let names: Map<string, string> | undefined;

/** Codes of ISO 639-1, and of some widely spoken languages that have three letters only. */
const CODES = (
  "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de " +
  "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia " +
  "id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo " +
  "lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl " +
  "ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk " +
  "tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ceb fil gsw haw hmn yue"
).split(" ");

/** Varieties that have names of their own. */
const VARIETIES = (
  "de-AT de-CH en-AU en-CA en-GB en-US es-419 es-ES es-MX fa-AF fr-CA fr-CH nl-BE pt-BR pt-PT " +
  "ro-MD sr-Cyrl sr-Latn zh-Hans zh-Hant"
).split(" ");

/** Names in use beside those that `Intl` knows: it knows itself in some hundred languages only. */
const ALSO: Record<string, string> = {
  be: "беларуская",
  bn: "bengali",
  bo: "tibetan, བོད་སྐད་",
  br: "brezhoneg",
  co: "corsu",
  cy: "cymraeg",
  es: "castilian, castellano",
  eu: "euskara, euskera",
  fa: "farsi",
  fil: "tagalog, pilipino",
  fo: "føroyskt",
  fy: "frisian, frysk",
  ga: "gaeilge",
  gd: "gaelic, gàidhlig",
  gl: "galego",
  gn: "guaraní, avañe'ẽ",
  gsw: "swiss german, schwiizertüütsch",
  gv: "manx, gaelg",
  ht: "kreyòl ayisyen, haitian",
  hy: "հայերեն",
  is: "íslenska",
  ka: "ქართული",
  kk: "қазақ тілі, қазақша",
  kl: "greenlandic, kalaallisut",
  km: "ខ្មែរ",
  ku: "kurdî, kurmanji",
  kw: "cornish, kernewek",
  ky: "кыргызча, kirghiz",
  la: "latina",
  lb: "lëtzebuergesch",
  li: "limburgish, limburgs",
  lo: "ລາວ",
  mi: "te reo māori",
  mk: "македонски",
  mn: "монгол",
  mt: "malti",
  my: "မြန်မာ, မြန်မာဘာသာ",
  nb: "bokmål",
  ne: "नेपाली",
  nn: "nynorsk, norsk nynorsk",
  ny: "chichewa, chewa",
  or: "oriya, ଓଡ଼ିଆ",
  pa: "panjabi",
  ps: "پښتو",
  qu: "runasimi",
  rm: "rumantsch",
  rw: "ikinyarwanda",
  sc: "sardinian, sardu",
  se: "northern sami, sami, davvisámegiella",
  si: "sinhalese, සිංහල",
  sl: "slovene",
  so: "soomaali, af-soomaali",
  sq: "shqip",
  tg: "тоҷикӣ",
  tk: "türkmençe",
  tt: "татарча",
  ug: "uighur, ئۇيغۇرچە",
  xh: "isixhosa",
  yi: "ייִדיש",
  yo: "yorùbá",
  yue: "粵語, 广东话, 廣東話",
  zh: "mandarin, mandarin chinese, 普通话",
  zu: "isizulu",
};

function languageNames(): Map<string, string> {
  const found = new Map<string, string>();
  const english = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });
  for (const tag of [...CODES, ...VARIETIES]) {
    const { language } = new Intl.Locale(tag);
    const own = new Intl.DisplayNames([tag], { type: "language", fallback: "none" });
    // A language that `Intl` doesn't speak answers in another one.
    const speaks = own.resolvedOptions().locale.startsWith(tag.slice(0, 2));
    for (const name of [tag, english.of(tag), speaks ? own.of(tag) : undefined]) {
      if (name !== undefined && !found.has(fold(name))) found.set(fold(name), language);
    }
  }
  for (const [code, others] of Object.entries(ALSO)) {
    for (const name of others.split(", ")) found.set(fold(name), code);
  }
  return found;
}

/** Without what names may differ in: case, accents, form of Unicode, spaces around. */
function fold(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
