import assert from "node:assert/strict";
import { attributeFindings } from "../../../src/analysis/shares/attributes.ts";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import { attributeHeadlines } from "../../../src/analysis/headlines/attributes.ts";
import { chosenHeadlines } from "../../../src/analysis/headlines/headlines.ts";
import { detectLanguages } from "../../../src/analysis/shares/languages.ts";
import { languageDetector } from "../../../src/text/detect_language.ts";
import { configOf, item } from "../../plan/configs.ts";
import { sentences } from "../../text/sentences.ts";
import { soundFindings } from "../findings_fixture.ts";

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
  // Without the wording all of the text says something: it's English for the most part, not clearly.
  const told = await detectLanguages(corpus, { stem: "language" });
  assert.deepEqual([...told?.of ?? []], [0, -1, -1, 1, 0, 0]);
  assert.equal(told?.unclear, 1);
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

/** Of a language's sentences those that are clear, and not, among Danish, Norwegian and English. */
async function byClarity(language: string): Promise<{ clear: string[]; unclear: string[] }> {
  const { tell } = await languageDetector(["da", "nb", "en"]);
  const { clear = [], unclear = [] } = Object.groupBy(
    sentences[language] ?? [],
    (text) => tell(text).isClear ? "clear" : "unclear",
  );
  return { clear, unclear };
}

/** So many rows that were asked for a language, of texts that come again and again. */
function rowsOf(texts: readonly string[], asked: string, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    text: texts[i % texts.length] ?? "",
    attributes: { language: asked },
  }));
}

Deno.test("detectLanguages() doesn't measure what could be Danish or Norwegian, and counts it", async () => {
  const [danish, norwegian] = [await byClarity("da"), await byClarity("nb")];
  assert.ok(danish.unclear.length > 0 && norwegian.unclear.length > 0);
  const reading = corpusOf([
    ...rowsIn("da", "Danish", 15),
    ...rowsIn("nb", "Norwegian", 15),
    ...rowsIn("en", "English", 15),
  ]);
  const labels = await detectLanguages(reading.corpus, { stem: "language" });
  assert.ok(labels);
  const unclear = danish.unclear.length + norwegian.unclear.length;
  assert.equal(labels.unclear, unclear);
  const { language } = attributeFindings(reading, { config: null, drawn: null, labels: [labels] });
  assert.equal(language?.measuredRows, 45 - unclear);
  assert.equal(language?.unclearRows, unclear);
  assert.deepEqual(language?.confusion, [
    { requested: "Danish", realised: "Danish", rows: danish.clear.length },
    { requested: "Norwegian", realised: "Norwegian", rows: norwegian.clear.length },
    { requested: "English", realised: "English", rows: 15 },
  ]);
  // One mistake for 50 that aren't clear.
  const errors = [danish, norwegian].map(({ clear, unclear }) =>
    unclear.length / 50 / clear.length
  );
  assert.deepEqual([...labels.errors ?? []], [...errors, 0]);
  assert.equal(language?.measuredError, Math.max(...errors));
});

Deno.test("detectLanguages() measures what became of unclear requests as seldom as the requests", async () => {
  const { clear, unclear } = await byClarity("da");
  // A tenth of the Danish rows is English; of the others 60 of 100 aren't clear.
  const rows = [
    ...rowsOf(clear, "Danish", 720),
    ...rowsOf(unclear, "Danish", 1080),
    ...rowsOf(sentences.en ?? [], "Danish", 200),
    ...rowsIn("nb", "Norwegian", 15),
    ...rowsIn("en", "English", 15),
  ];
  const reading = corpusOf(rows);
  const labels = await detectLanguages(reading.corpus, { stem: "language" });
  assert.ok(labels);
  const found = (from: number, to: number) =>
    labels.of.subarray(from, to).filter((label) => label >= 0).length;
  assert.equal(found(0, 720), 720);
  assert.equal(found(720, 1800), 0);
  // 200 × .4.
  assert.ok(Math.abs(found(1800, 2000) - 80) <= 1, `${found(1800, 2000)}`);
  assert.ok(Math.abs(found(1800, 1900) - 40) <= 1, `${found(1800, 1900)}`);
  // What was asked for nothing like it, or came as asked, stays.
  assert.equal(found(2015, 2030), 15);
});

Deno.test("Danish under Norwegian is told where a tenth of the rows is, not where it's the detector's doubt", async () => {
  const headlinesOf = async (planted: number) => {
    const rows = [
      ...rowsOf(sentences.da ?? [], "Danish", 400),
      ...rowsOf(sentences.nb ?? [], "Norwegian", 400 - planted),
      ...rowsOf(sentences.da ?? [], "Norwegian", planted),
    ];
    const reading = corpusOf(rows);
    const labels = await detectLanguages(reading.corpus, { stem: "language" });
    assert.ok(labels);
    const attributes = attributeFindings(reading, { config: null, drawn: null, labels: [labels] });
    const findings = soundFindings(rows.length, { attributes });
    return chosenHeadlines(attributeHeadlines({ findings, config: null })).map(({ says }) => says);
  };
  assert.deepEqual(await headlinesOf(0), []);
  const [told = ""] = await headlinesOf(40);
  assert.match(told, /^language: [\d.]+ % of the texts .* "Norwegian" are "Danish"/);
});
