import assert from "node:assert/strict";
import { attributeFindings } from "../../../src/analysis/shares/attributes.ts";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import { detectLanguages } from "../../../src/analysis/shares/languages.ts";
import { configOf, item } from "../../plan/configs.ts";
import { sentences } from "../../text/sentences.ts";

/** Rows asked for in `asked` whose texts are the first `count` sentences in a language. */
function rowsIn(language: string, asked: string, count: number) {
  return (sentences[language] ?? []).slice(0, count).map((text) => ({
    text,
    attributes: { language: asked },
  }));
}

Deno.test("detectLanguages() tells the shares of mixed languages", async () => {
  // Asked: 10 Swedish, 12 Danish, 10 English. A quarter of the Danish rows are English, one Swedish
  // row is German, one English row has no words.
  const rows = [
    ...rowsIn("sv", "Swedish", 9),
    ...rowsIn("de", "Swedish", 1),
    ...rowsIn("da", "Danish", 9),
    ...rowsIn("en", "Danish", 3),
    ...rowsIn("en", "English", 9),
    { text: "1 2 3 4 5 6", attributes: { language: "English" } },
  ];
  const config = configOf({
    language: ["Swedish", "Danish", "English"].map((value) => item(value)),
  });
  const reading = corpusOf(rows, { config });
  const labels = await detectLanguages(reading.corpus, { stem: "language" });
  assert.ok(labels);
  const { language } = attributeFindings(reading, { config, drawn: null, labels: [labels] });
  assert.ok(language);
  assert.equal(language.measuredBy, "eld");
  assert.equal(language.measuredRows, 32);
  const shares = language.values.map(({ value, realised }) => [value, realised?.share.toFixed(6)]);
  assert.deepEqual(shares, [
    ["Swedish", (9 / 32).toFixed(6)],
    ["Danish", (9 / 32).toFixed(6)],
    ["English", (12 / 32).toFixed(6)],
  ]);
  assert.ok(Math.abs((language.other ?? 0) - 2 / 32) < 1e-12);
  // Swedish and Danish are a third less 9/32 short each; English and other have that.
  assert.ok(Math.abs((language.distance.realised ?? 0) - 2 * (1 / 3 - 9 / 32)) < 1e-12);
  assert.deepEqual(language.confusion, [
    { requested: "Swedish", realised: "Swedish", rows: 9 },
    { requested: "Swedish", realised: "other", rows: 1 },
    { requested: "Danish", realised: "Danish", rows: 9 },
    { requested: "Danish", realised: "English", rows: 3 },
    { requested: "English", realised: "English", rows: 9 },
    { requested: "English", realised: "none", rows: 1 },
  ]);
});

Deno.test("detectLanguages() leaves out short rows, by the count that lengths are in", async () => {
  const { corpus } = corpusOf([
    { text: "Hvornår kører toget?", attributes: { language: "Danish" } },
    { text: "Hvornår kører det næste tog?", attributes: { language: "Danish" } },
    { text: "谢谢", attributes: { language: "Chinese" } },
    ...rowsIn("zh", "Chinese", 1),
  ]);
  const labels = await detectLanguages(corpus, { stem: "language" });
  assert.deepEqual(labels?.classes, ["Danish", "Chinese", "none", "other"]);
  assert.deepEqual([...labels?.of ?? []], [-1, 0, -1, 1]);
});

Deno.test("detectLanguages() leaves out what texts repeat of the values asked for", async () => {
  const station = item("Malmö", { prompt: "Malmö: on the platform, the train leaves in minutes" });
  const config = configOf({ language: [item("Danish"), item("English")], station: [station] });
  const asked = (text: string, topic: string) => ({
    text,
    attributes: { language: "Danish", topic, station: "Malmö" },
  });
  const { corpus } = corpusOf([
    asked("Hvor er Bicycle on board? Tak for det.", "Bicycle on board"),
    asked("Passport check at the border?", "Passport check at the border"),
    asked("Lige nu: malmö: on the platform, the train leaves in minutes, tak for i dag.", "Loan"),
    asked("Can I take the loan and the loans (a+b) home?", "(a+b)"),
    // Neither parts of words nor the language's own name.
    asked("Hvornår kører din a bus?", "in a bus"),
    asked("Hvem taler her Danish nu", "Loan"),
  ], { config });
  const labels = await detectLanguages(corpus, { stem: "language", config });
  assert.deepEqual([...labels?.of ?? []], [0, -1, 0, 1, 0, 0]);
  // Without the wording it's told by all of the text.
  const told = await detectLanguages(corpus, { stem: "language" });
  assert.deepEqual([...told?.of ?? []], [0, -1, 1, 1, 0, 0]);
});

Deno.test("detectLanguages() doesn't measure languages that eld can't tell", async () => {
  const { corpus } = corpusOf([
    ...rowsIn("sv", "Swedish", 2),
    ...rowsIn("da", "Faroese", 2),
    ...rowsIn("en", "English", 1),
    ...rowsIn("en", "en-GB", 1),
    ...rowsIn("en", "Swedish", 1),
    ...rowsIn("en", "", 1),
    ...rowsIn("sv", "", 1),
  ]);
  const labels = await detectLanguages(corpus, { stem: "language" });
  assert.deepEqual(labels?.classes, ["Swedish", "none", "other"]);
  assert.deepEqual([...labels?.of ?? []], [0, 0, -1, -1, -1, -1, 2, 2, 0]);
  const only = (...values: string[]) =>
    detectLanguages(corpusOf(values.flatMap((value) => rowsIn("nb", value, 1))).corpus, {
      stem: "language",
    });
  assert.equal(await only("Nynorsk", "Bokmål"), null);
  assert.deepEqual([...(await only("Bokmål"))?.of ?? []], [0]);
  assert.deepEqual([...(await only("Norwegian"))?.of ?? []], [0]);
});

Deno.test("detectLanguages() has nothing to say of other attributes", async () => {
  const rows = [{ text: "Hello there, how are you?", attributes: { tone: "Calm" } }];
  const { corpus } = corpusOf(rows);
  assert.equal(await detectLanguages(corpus, { stem: "tone" }), null);
  assert.equal(await detectLanguages(corpus, { stem: "language" }), null);
});

Deno.test("detectLanguages() measures so many rows, drawn by the seed from all over", async () => {
  const texts = sentences.en ?? [];
  const rows = Array.from({ length: 3000 }, (_, row) => ({
    text: texts[row % texts.length] ?? "",
    attributes: { language: "English" },
  }));
  const { corpus } = corpusOf(rows);
  const drawn = async (seed: number) => {
    const labels = await detectLanguages(corpus, { stem: "language", most: 300, seed });
    return Array.from(labels?.of ?? []).flatMap((label, row) => label >= 0 ? [row] : []);
  };
  const [one, again, other] = [await drawn(1), await drawn(1), await drawn(2)];
  assert.equal(one.length, 300);
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
  const late = one.filter((row) => row >= 1500).length;
  assert.ok(late > 115 && late < 185, String(late));
});
