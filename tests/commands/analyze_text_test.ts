import assert from "node:assert/strict";
import { analysisText, pendingText } from "../../src/commands/analyze_text.ts";
import { lengthFindings } from "../../src/analysis/lengths/lengths.ts";
import type { Findings } from "../../src/analysis/findings.ts";
import { config } from "../run/fixtures.ts";
import { soundFindings } from "../analysis/findings_fixture.ts";

function lines(findings: Findings, columns = 200): string[] {
  const path = "output/metro/analysis.json";
  return analysisText(findings, { config: config(), columns, path, next: "Next: this" }).split(
    "\n",
  );
}

const phrase = {
  term: "could you please",
  n: 3,
  rows: 120,
  share: 0.3,
  low: 0.2,
  score: 0.2,
  language: "en",
  languageShare: 0.3,
  examples: [],
};
const terms = { ...soundFindings(1).terms, template: [phrase] };
const copies = { ...soundFindings(400).diversity, exactDuplicates: 40 };

Deno.test("the first line says how many rows in which languages say how much", () => {
  const first = (rows: number, languages?: Findings["languages"]) =>
    lines(soundFindings(rows, languages === undefined ? {} : { languages }))[0];
  assert.equal(
    first(19),
    "19 ok rows · English · too few for shares: intervals are wide (±.22); 400 rows give ±.05",
  );
  assert.equal(
    first(1),
    "1 ok row · English · too few for shares: intervals are wide (±.50); 400 rows give ±.05",
  );
  assert.equal(
    first(10_000, [
      { language: "sv", rows: 6_000 },
      { language: "en", rows: 3_000 },
      { language: "nb", rows: 900 },
      { language: "und", rows: 100 },
    ]),
    "10,000 ok rows · Swedish 60 %, English 30 %, Norwegian Bokmål 9 %, 1 more · shares are known to ±.01",
  );
});

Deno.test("the first line says the lengths where none was asked for and none is wanted", () => {
  const words = Uint32Array.from({ length: 100 }, (_, row) => row < 50 ? 7 : 12);
  const corpus = { size: 100, words, requestedWords: new Uint32Array(100) };
  const options = { length: null, sampling: null };
  const first = (of: typeof corpus) =>
    lines(soundFindings(of.size, { length: lengthFindings(of, options) }))[0] ?? "";
  assert.match(first(corpus), /· English · median 7 words, half of the rows 7–12 · too few/);
  assert.doesNotMatch(first({ ...corpus, requestedWords: words }), /median/);
  assert.doesNotMatch(first({ ...corpus, size: 9, words: words.slice(0, 9) }), /median/);
});

Deno.test("findings stand in their order, each with an arrow to what to do", () => {
  const first = '"could you please" stands in 120 of 400 rows (30 %, at least 20 %)';
  const second = "40 of 400 rows repeat an earlier one word for word (10 %, 7–13 %)";
  const more = 'more values in injections/, or a higher "temperature" in settings.json';
  assert.deepEqual(lines(soundFindings(400, { terms, diversity: copies })).slice(1), [
    "",
    `1  ${first}  → add it to avoid.txt`,
    `2  ${second.padEnd(first.length)}  → ${more}`,
    "Nothing else stands out.",
    "",
    "400 planned = 400 ok + 0 pending → output/metro/analysis.json",
    "Next: this",
  ]);
  assert.deepEqual(lines(soundFindings(400)).slice(1, 4), ["", "Nothing stands out.", ""]);
});

Deno.test("where a line is too narrow the arrow stands below, and words are cut at spaces", () => {
  const narrow = lines(soundFindings(400, { terms, diversity: copies }), 60).slice(2, 8);
  assert.deepEqual(narrow, [
    '1  "could you please" stands in 120 of 400 rows (30 %, at',
    "   least 20 %)",
    "   → add it to avoid.txt",
    "2  40 of 400 rows repeat an earlier one word for word (10 %,",
    "   7–13 %)",
    '   → more values in injections/, or a higher "temperature"',
  ]);
});

Deno.test("what a reference says is one sentence with its caveat, lower bounds alone", () => {
  const word = (term: string, times: number) => ({
    term,
    rows: 9,
    count: 9,
    perMillion: 9,
    reference: 1,
    lrc: Math.log2(times),
  });
  const reference = {
    name: "chats\u001b.csv",
    language: "en",
    languageShare: 0.5,
    caveat: "It is taken for real messages.",
    words: 1000,
    terms: [
      word("overdraft", 1_298),
      word("loan", 40.9),
      word("kindly", 2.59),
      word("card", 1.05),
    ],
  };
  const byValue = [{
    term: "a loan",
    attribute: "topic",
    value: "Loan",
    rows: 9,
    share: 1,
    others: 0,
    lrc: 3,
    q: 0,
    v: 1,
    verdict: "topical" as const,
  }];
  const said = (of: Partial<Findings["terms"]>) =>
    lines(soundFindings(400, { terms: { ...soundFindings(1).terms, ...of } })).slice(3, -2);
  const lead = "Against chats\\u001b.csv (English): ";
  assert.deepEqual(said({ reference, byValue }), [
    "",
    `${lead}"overdraft" at least 1,200 times as often, "kindly" 2.5 times. ${reference.caveat}`,
    "",
  ]);
  assert.deepEqual(
    said({ reference: { ...reference, terms: [word("loan", 9)] }, byValue })[1],
    [
      `${lead}no word stands clearly more often, but those that a value brings about. `,
      reference.caveat,
    ].join(""),
  );
  assert.deepEqual(
    said({ reference: { ...reference, terms: [word("card", 1.05)] } })[1],
    `${lead}no word stands clearly more often. ${reference.caveat}`,
  );
  assert.deepEqual(
    said({ reference: { ...reference, languageShare: 0, terms: [] } })[1],
    `${lead}nothing is compared, since no row is in that language.`,
  );
  assert.deepEqual(said({ reference: null }), [""]);
});

Deno.test("pending rows are told with the way to finish them", () => {
  const { rows } = soundFindings(5);
  assert.equal(pendingText({ rows }), null);
  assert.match(
    pendingText({ rows: { ...rows, pending: 1_200 } }) ?? "",
    /^1,200 rows are pending: /,
  );
  assert.match(pendingText({ rows: { ...rows, pending: 1 } }) ?? "", /^1 row is pending: /);
  const pending = { rows: { ...rows, pending: 64 } };
  assert.equal(
    pendingText(pending, { shards: ["3/4"], rows: 64 }),
    "64 rows are pending: the same generate command with --shard 3/4 makes them.",
  );
  assert.equal(
    pendingText(pending, { shards: ["1/9", "2/9", "3/9", "7/9", "8/9"], rows: 60 }),
    "64 rows are pending: the same generate command again finishes them; " +
      "with --shard 1/9, --shard 2/9, --shard 3/9 and 2 more it makes what isn't there yet.",
  );
});
