import assert from "node:assert/strict";
import { join } from "node:path";
import { type Reference } from "../../../src/analysis/terms/reference.ts";
import {
  readReference,
  type ReadReferenceOptions,
} from "../../../src/analysis/terms/reference_file.ts";
import { temporaryFolder } from "../../run/fixtures.ts";

/** The reference that a file with this content is, for rows in a language. */
async function read(
  name: string,
  content: string,
  { rows = "en", ...options }: ReadReferenceOptions & { rows?: string } = {},
): Promise<Reference> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, name);
  await Deno.writeTextFile(path, content);
  return (await readReference(path, options))(rows);
}

const ENGLISH = ["Where is my new card, please?", "I would like to have a loan, please."];
const SWEDISH = ["Var är mitt nya kort någonstans?", "Jag skulle vilja ha ett lån, tack."];

Deno.test("readReference() takes messages in every form, of a column text or message or the only one", async () => {
  const objects = (name: string) =>
    ENGLISH.map((text, row) => ({ row, x: row + 0.5, [name]: text }));
  const jsonl = (rows: unknown[]) => rows.map((row) => JSON.stringify(row) + "\n").join("");
  const forms: [string, string][] = [
    ["a.json", JSON.stringify(ENGLISH)],
    ["a.json", JSON.stringify(objects("text"), null, 2)],
    ["a.jsonl", jsonl(objects("message"))],
    ["a.json", jsonl(objects("text"))],
    ["rows", jsonl(objects("message"))],
    ["a.jsonl", jsonl(ENGLISH)],
    ["a.csv", ["id,message", ...ENGLISH.map((text) => `1,"${text}"`)].join("\n")],
    ["a.csv", ["question", ...ENGLISH.map((text) => `"${text}"`)].join("\n")],
    ["chats", ["id;message", ...ENGLISH.map((text) => `1;${text}`)].join("\n")],
    ["a.txt", ENGLISH.join("\r\n") + "\n\n"],
    ["a.jsonl", jsonl([...objects("text"), { text: "I'm sorry", outcome: "refused" }])],
  ];
  for (const [name, content] of forms) {
    const warned: string[] = [];
    const found = await read(name, content, { warn: (said) => warned.push(said), rows: "sv" });
    assert.deepEqual([found.name, found.language, found.words], [name, "en", 14], content);
    assert.deepEqual([found.counts.get("please"), found.counts.get("loan")], [2, 1]);
    assert.match(found.caveat, /is taken for real messages/);
    assert.deepEqual(warned, []);
  }
  assert.equal((await read("a.txt", "{hello} you\nI am here\n")).words, 5);
});

Deno.test("readReference() takes counts for counts, in the language of the rows", async () => {
  const many = Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`word${i}`, 1]));
  const forms: [string, string, number][] = [
    ["a.json", '{"I": 30, "loan": 2.5}', 32.5],
    ["a.json", '{\n  "text": 30,\n  "loan\\"": 2\n}', 32],
    ["a.json", "{}", 0],
    ["a.json", JSON.stringify(many), 9_000],
    ["a.txt", "I 30\nnew york\t2\n", 32],
    ["a.tsv", "I\t30\nloan\t2\n", 32],
  ];
  for (const [name, content, words] of forms) {
    const found = await read(name, content, { rows: "sv" });
    assert.deepEqual([found.name, found.language, found.words], [name, "sv", words], content);
    assert.match(found.caveat, /isn't known .* that of most rows, Swedish\.$/);
  }
});

Deno.test("readReference() of messages in several languages takes those in the rows' own", async () => {
  const both = JSON.stringify([...ENGLISH, ...ENGLISH, ...SWEDISH, ...SWEDISH, ...SWEDISH]);
  const english = await read("a.json", both, { rows: "en" });
  assert.deepEqual([english.language, english.words], ["en", 28]);
  assert.match(english.caveat, /Of its 10 texts the 4 in English are taken\.$/);
  const other = await read("a.json", both, { rows: "fr" });
  assert.deepEqual([other.language, other.counts.get("lån"), other.counts.has("card")], [
    "sv",
    3,
    false,
  ]);
  // What says nothing of its language is compared anyway.
  assert.equal((await read("a.json", '["…", "?!"]', { rows: "da" })).language, "da");
});

Deno.test("readReference() says which columns there are, and which line is none", async () => {
  const faults: [string, string, RegExp][] = [
    [
      "a.csv",
      "word,count\nloan,12\n",
      /which column has the texts .* It has "word", "count": .*\{"loan": 12/,
    ],
    ["a.json", '{"loan": 12', /a\.json starts as JSON but isn't/],
    ["a.txt", "loan 12\ncard", /a\.txt, line 2: no word with its count/],
    ["a.jsonl", '{"text":"a"}\n{"text":3}\n', /a\.jsonl, line 2: .*--skip-bad-lines/s],
    ["a.json", "[]", /has no rows/],
    ["a.json", '[{"text":"No.","outcome":"refused"}]', /has no texts to compare with/],
  ];
  for (const [name, content, message] of faults) {
    await assert.rejects(read(name, content), { name: "UserError", exitCode: 2, message });
  }
  const lines = '{"text":"my card"}\n{"text":3}\n';
  assert.equal((await read("a.jsonl", lines, { skipBadLines: true })).words, 2);
});
