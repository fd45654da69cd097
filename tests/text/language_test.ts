import assert from "node:assert/strict";
import { isLanguageAttribute, languageCode } from "../../src/text/language.ts";

Deno.test("languageCode knows English names, own names and codes", () => {
  const cases: Record<string, string[]> = {
    sv: ["Swedish", "svenska", "SVENSKA", " sv ", "sv-SE", "sv_SE", "SV-se"],
    nb: ["Norwegian Bokmål", "norwegian bokmal", "norsk bokmål", "nb"],
    nn: ["Norwegian Nynorsk", "norsk nynorsk"],
    no: ["Norwegian", "norsk", "no-NO"],
    en: ["English", "British English", "English (UK)", "en-GB"],
    pt: ["Portuguese", "português", "portugues", "Brazilian Portuguese"],
    zh: ["Chinese", "中文", "Simplified Chinese", "Mandarin", "zh-Hant-TW"],
    is: ["Icelandic", "íslenska"],
    he: ["Hebrew", "עברית", "iw"],
    fil: ["Filipino", "Tagalog", "tl"],
    bn: ["Bengali", "Bangla", "বাংলা"],
    el: ["Greek", "Ελληνικά"],
    hi: ["Hindi", "हिन्दी"],
    se: ["Northern Sami"],
  };
  for (const [code, names] of Object.entries(cases)) {
    for (const name of names) assert.equal(languageCode(name), code, name);
  }
});

Deno.test("languageCode doesn't take other words for languages", () => {
  const others = [
    "",
    "angry",
    "yes",
    "Car loan",
    "e-invoice",
    "car-loan",
    "en-",
    "70+",
    "English or Danish",
    "Klingon",
  ];
  for (const name of others) assert.equal(languageCode(name), null, name);
});

Deno.test("an attribute is a language attribute if all it asks for are languages", () => {
  assert.ok(isLanguageAttribute(["English", "", "Danish", "sv"]));
  assert.ok(!isLanguageAttribute(["English", "Rude"]));
  assert.ok(!isLanguageAttribute([""]));
  assert.ok(!isLanguageAttribute([]));
});
