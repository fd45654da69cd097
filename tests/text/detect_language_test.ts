import assert from "node:assert/strict";
import { languageDetector, languagesOfTexts } from "../../src/text/detect_language.ts";
import { sentences } from "./sentences.ts";

/** How many of a language's sentences come out as what. */
async function outcomes(
  language: string,
  asked: string[],
): Promise<Record<string, number>> {
  const { detect } = await languageDetector(asked);
  const found: Record<string, number> = {};
  for (const text of sentences[language] ?? []) {
    const as = detect(text);
    found[as] = (found[as] ?? 0) + 1;
  }
  return found;
}

Deno.test("languageDetector() tells the languages that were asked for", async () => {
  for (const language of ["sv", "da", "en"]) {
    assert.deepEqual(await outcomes(language, ["sv", "da", "en"]), { [language]: 15 }, language);
    assert.deepEqual(await outcomes(language, ["sv", "da", "en", "de"]), { [language]: 15 });
  }
  // Danish and Norwegian look alike: two of fifteen sentences of help desks would pass for either.
  const norwegian = await outcomes("nb", ["sv", "da", "nb", "en"]);
  assert.ok((norwegian.nb ?? 0) >= 13, JSON.stringify(norwegian));
  assert.deepEqual(await outcomes("da", ["sv", "da", "nb", "en"]), { da: 15 });
});

Deno.test("languageDetector() finds any other language, English too where it wasn't asked for", async () => {
  for (const language of ["de", "fr", "fi", "nl", "ru", "zh"]) {
    const count = sentences[language]?.length ?? 0;
    assert.deepEqual(await outcomes(language, ["sv", "da", "en"]), { other: count }, language);
  }
  assert.deepEqual(await outcomes("en", ["sv", "da"]), { other: 15 });
  // Where Swedish fits nearly as well, another language than English wouldn't win.
  const { detect } = await languageDetector(["sv"]);
  assert.equal(detect("Förklara Bicycle on board igen."), "other");
  assert.deepEqual(await outcomes("sv", ["en"]), { other: 15 });
  assert.deepEqual(await outcomes("en", ["en"]), { en: 15 });
});

Deno.test("languageDetector() calls what has no words none", async () => {
  const { detect } = await languageDetector(["en"]);
  assert.deepEqual(["", "123 456 78 9 0", "!!! ?? … — 🙂"].map(detect), ["none", "none", "none"]);
});

Deno.test("languageDetector() goes by the codes that languages have outside eld", async () => {
  assert.deepEqual(await outcomes("zh", ["zh", "en"]), { zh: 4 });
  assert.deepEqual(await outcomes("nb", ["nn", "en"]), { nn: 15 });
  assert.deepEqual(await outcomes("nb", ["no", "en"]), { no: 15 });
  const { detect } = await languageDetector(["sr", "en"]);
  assert.equal(detect("Колико кошта месечна карта за студенте овде?"), "sr");
  assert.equal(detect("Koliko košta mjesečna karta za studente ovdje?"), "sr");
});

Deno.test("languageDetector() leaves out what eld doesn't know or takes for one", async () => {
  const told = async (codes: string[]) => (await languageDetector(codes)).languages;
  assert.deepEqual(await told(["sv", "fo", "ku", "en"]), ["sv", "en"]);
  assert.deepEqual(await told(["nb", "sv", "nn"]), ["sv"]);
  assert.deepEqual(await told(["hr", "sr", "sl"]), ["sl"]);
  assert.deepEqual(await told(["id", "ms", "vi"]), ["vi"]);
  // A text in one of them is no Swedish for that.
  assert.deepEqual(await outcomes("nb", ["nb", "sv", "nn"]), { other: 15 });
});

const of = (...languages: string[]) =>
  languages.flatMap((language) => sentences[language]?.slice(0, 12) ?? []);

Deno.test("languagesOfTexts() names the language that nearly all texts are in", async () => {
  assert.equal(await languagesOfTexts({ texts: of("en") }), "en");
  assert.equal(await languagesOfTexts({ texts: of("nb") }), "no");
  // Two of fourteen are too few for a language of their own.
  assert.equal(await languagesOfTexts({ texts: [...of("fi"), ...of("de").slice(0, 2)] }), "fi");
  assert.equal(await languagesOfTexts({ texts: ["123", "!!"] }), "und");
  assert.equal(await languagesOfTexts({ texts: [] }), "und");
  // Short texts count where there are no others.
  const short = ["Tack så mycket", "Bra jobbat idag", "Var är tåget?"];
  assert.equal(await languagesOfTexts({ texts: short }), "sv");
  assert.equal(await languagesOfTexts({ texts: [...short, ...of("en")] }), "en");
});

Deno.test("languagesOfTexts() looks at each text where they are in several languages", async () => {
  const language = await languagesOfTexts({ texts: of("sv", "de", "en") });
  assert.ok(typeof language === "function");
  for (const code of ["sv", "de", "en"]) {
    assert.deepEqual(of(code).map(language), of(code).map(() => code));
  }
  assert.equal(language("Ceci est une phrase en français, n'est-ce pas ?"), "und");
});

Deno.test("languagesOfTexts() asks texts from all over", async () => {
  const texts = [
    ...new Array(50).fill(sentences.sv?.[0]),
    ...new Array(950).fill("Is it late again today?"),
  ];
  assert.equal(await languagesOfTexts({ texts }, { most: 20 }), "en");
});

Deno.test("tell() calls unclear what could be in the language that fits next, or cites English", async () => {
  const { tell, detect } = await languageDetector(["da", "nb"]);
  const clear = (text: string) => tell(text).isClear;
  for (const text of of("da", "nb", "en", "de")) assert.equal(tell(text).language, detect(text));
  // The same in both languages.
  assert.equal(clear("Er det en billet til i dag?"), false);
  assert.deepEqual(tell("Hvorfor har jeg fået en bøde, når billetautomaten var i stykker?"), {
    language: "da",
    isClear: true,
  });
  assert.deepEqual(tell("Finn sangen som heter The Long and Winding Road"), {
    language: "other",
    isClear: false,
  });
  assert.ok(of("en", "de", "fi").every(clear));
  assert.deepEqual(tell("123 456"), { language: "none", isClear: true });
});
