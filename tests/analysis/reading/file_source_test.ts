import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { join } from "node:path";
import { fileSource, type FileSourceOptions } from "../../../src/analysis/reading/file_source.ts";
import type { AnalysisRow, Source } from "../../../src/analysis/reading/rows.ts";
import { UserError } from "../../../src/error.ts";
import { exportText } from "../../../src/report/export.ts";
import { EXPORT_FORMATS } from "../../../src/report/formats.ts";
import { OUTCOMES, type RowRecord } from "../../../src/run/types.ts";
import { countWords } from "../../../src/text/words.ts";
import { config, record, temporaryFolder } from "../../run/fixtures.ts";

/** The source of a file with this content, and its rows. */
async function read(
  name: string,
  content: string | Uint8Array,
  options: FileSourceOptions = {},
): Promise<{ source: Source; rows: AnalysisRow[]; warned: string[] }> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, name);
  await Deno.writeFile(path, asBytes(content));
  const warned: string[] = [];
  const say = (said: string) => void warned.push(said);
  const source = await fileSource(path, { warn: say, onForm: say, ...options });
  const rows = await Array.fromAsync(source.rows());
  assert.deepEqual(await Array.fromAsync(source.rows()), rows);
  return { source, rows, warned };
}

async function rejects(
  name: string,
  content: string | Uint8Array,
  { message, ...options }: FileSourceOptions & { message: RegExp },
): Promise<void> {
  await assert.rejects(read(name, content, options), (error) => {
    assert(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 2);
    assert.match(error.message, message);
    return true;
  });
}

function asBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

const texts = (rows: AnalysisRow[]) => rows.map(({ text }) => text);

Deno.test("fileSource() reads the same rows from every form, by name and by sight", async () => {
  const json = '\n [ {"text": "Hi, [you]"},\n{"text": "a\\n\\"b\\""} ,{"text":"ø"}]\n';
  const list = '["Hi, [you]",\n "a\\n\\"b\\"", "ø"]';
  const jsonl = '{"text": "Hi, [you]"}\r\n\n{"text":"a\\n\\"b\\""}\n{"text":"ø"}';
  const csv = 'id,text\r\n1,"Hi, [you]"\r\n2,"a\n""b"""\r\n3,ø\r\n';
  const semicolons = 'id;text\n1;Hi, [you]\n2;"a\n""b"""\n3;ø\n';
  const cases: [string, string][] = [
    ["a.json", json],
    ["a.json", list],
    ["a.JSON", jsonl],
    ["a.jsonl", jsonl],
    ["a.ndjson", jsonl],
    ["a.csv", csv],
    ["a.csv", semicolons],
    ["a.csv", "\ufeff" + csv],
    ["a.tsv", 'text\tid\nHi, [you]\t1\n"a\n""b"""\t2\nø\t3'],
    ["rows", json],
    ["rows", list],
    ["rows.dat", jsonl],
    ["rows.dat", csv],
    ["rows", '\ufeff"Hi, [you]"\n"a\\n\\"b\\""\n"ø"\n'],
  ];
  for (const [name, content] of cases) {
    const { rows, source } = await read(name, content);
    assert.deepEqual(texts(rows), ["Hi, [you]", 'a\n"b"', "ø"], `${name}: ${content}`);
    assert.deepEqual(rows.map(({ row, outcome, words }) => [row, outcome, words]), [
      [0, "ok", 2],
      [1, "ok", 2],
      [2, "ok", 1],
    ]);
    assert.equal(source.counts.planned, 3);
    assert.equal(source.name, name);
    assert.deepEqual(source.files.map(({ bytes }) => bytes), [asBytes(content).length]);
    assert.deepEqual([source.config, source.drawn, [...source.pending()]], [null, null, []]);
  }
  const { rows } = await read("a.txt", "Hi, there\r\n\n  \n{not json\n");
  assert.deepEqual(texts(rows), ["Hi, there", "{not json"]);
});

const value = fc.string({ unit: "binary" }).map((text) => text.normalize("NFC").trim())
  .filter((text) => !/^'[=+\-@\t\r＝＋－＠]/.test(text));
const text = fc.string({ unit: "binary", maxLength: 40 })
  .filter((text) =>
    text.trim() !== "" && !/^'[=+\-@\t\r＝＋－＠]/.test(text) && !text.includes("\0")
  );

Deno.test("fileSource() reads back what export writes", async () => {
  const rows = fc.array(
    fc.record({
      text,
      outcome: fc.constantFrom(...OUTCOMES),
      tone: value.filter((text) => !text.includes("\0")),
      topic: fc.constantFrom("Car loan", "-1", "=x"),
      requestedWords: fc.option(fc.integer({ min: 1, max: 99 })),
    }),
    { minLength: 1, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(rows, async (wanted) => {
      const records = wanted.map(({ tone, topic, ...fields }, place): RowRecord =>
        record(7 + 3 * place, {
          ...fields,
          attributes: { tone, topic },
          words: countWords(fields.text),
        })
      );
      const attributes = ["tone", "topic"];
      for (const format of EXPORT_FORMATS) {
        const pieces = exportText(records, { format, stems: attributes });
        const content = (await Array.fromAsync(pieces)).join("");
        const { rows } = await read(
          `rows.${format}`,
          content,
          format === "csv" ? { attributes } : {},
        );
        assert.deepEqual(
          rows,
          records.map(({ row, text, words, ...asked }, place) =>
            format === "json"
              ? {
                row: place,
                attributes: {},
                requestedWords: null,
                outcome: "ok",
                text,
                words,
              }
              : {
                row,
                attributes: asked.attributes,
                requestedWords: asked.requestedWords,
                outcome: asked.outcome,
                text,
                words,
              }
          ),
          format,
        );
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("fileSource() reads long files in pieces, wherever these are cut", async () => {
  const wanted = Array.from(
    { length: 9_000 },
    (_, row) => `${row} åäö 🚂 \\" [,] ${"x".repeat(row % 97)}`,
  );
  const forms = {
    "a.json": JSON.stringify(wanted.map((text) => ({ text, n: [1, { a: "]" }] }))),
    "a.jsonl": wanted.map((text) => JSON.stringify({ text })).join("\n"),
    "a.csv": "text,b\n" + wanted.map((text) => `"${text.replaceAll('"', '""')}",`).join("\n"),
    "a.txt": wanted.join("\n"),
  };
  for (const [name, content] of Object.entries(forms)) {
    assert(asBytes(content).length > 600_000);
    const { rows } = await read(name, content);
    assert.deepEqual(texts(rows), wanted, name);
  }
});

Deno.test("fileSource() tells what each row was asked and what became of it", async () => {
  const csv = "row,message,outcome,requested_words,words,tone\n" +
    "5,Hi,ok,4,99, Angry \n9,,ok,,,\n7,Sorry,refused,3,,Calm\n8,,failed,,,Calm\n6, ,,2,,\n";
  const { rows, source } = await read("a.csv", csv, { text: "message", attributes: ["tone"] });
  assert.deepEqual(
    rows.map((row) => [row.row, row.text, row.outcome, row.requestedWords, row.words]),
    [
      [5, "Hi", "ok", 4, 1],
      [9, "", "empty", null, 0],
      [7, "Sorry", "refused", 3, 1],
      [8, "", "failed", null, 0],
      [6, " ", "empty", 2, 0],
    ],
  );
  assert.deepEqual(rows.map(({ attributes }) => attributes.tone), [
    "Angry",
    "",
    "Calm",
    "Calm",
    "",
  ]);
  const none = { filtered: 0, truncated: 0, pending: 0 };
  assert.deepEqual(source.counts, { planned: 5, ok: 1, refused: 1, empty: 2, failed: 1, ...none });
});

Deno.test("a row's number is its place where numbers are missing, repeated or none", async () => {
  for (const numbers of [["3", "", "4"], ["3", "4", "3"], ["1.5", "2", "3"], ["-1", "2", "3"]]) {
    const csv = "row,text\n" + numbers.map((number) => `${number},x`).join("\n");
    assert.deepEqual((await read("a.csv", csv)).rows.map(({ row }) => row), [0, 1, 2], csv);
  }
  const skipped = await read("a.jsonl", '"a"\n5\n"b"\n', { skipBadLines: true });
  assert.deepEqual(skipped.rows.map(({ row }) => row), [0, 2]);
});

Deno.test("attributes come from --attributes, from nested objects, from the config, or not at all", async () => {
  const item = { score: 1, factor: 1, prompt: null, when: null };
  const given = config({
    attributes: {
      text: [{ ...item, value: "a" }],
      tone: [{ ...item, value: "Angry" }, { ...item, value: "Calm" }],
      topic: [{ ...item, value: "x" }],
    },
  });
  const csv = "text,attribute_text,tone,area,id\n" +
    Array.from(
      { length: 8 },
      (_, row) => `t${row},a,${row % 2 ? "Angry" : "Calm"},${row % 3},${row}`,
    )
      .join("\n");
  const byConfig = await read("a.csv", csv, { config: given });
  assert.deepEqual(byConfig.rows[1]?.attributes, { text: "a", tone: "Angry" });
  assert.deepEqual(Object.keys(byConfig.source.config?.attributes ?? {}), ["text", "tone"]);
  assert.match(byConfig.warned.join(), /no column for "topic"/);

  const typed = await read("a.csv", csv, { config: given, attributes: ["area"] });
  assert.deepEqual(typed.rows[1]?.attributes, { area: "1" });
  assert.deepEqual(typed.source.config?.attributes, {});

  let columns: readonly string[] = [];
  const bare = await read("a.csv", csv, { onColumns: (names) => columns = names });
  assert.deepEqual(bare.rows[1]?.attributes, {});
  assert.deepEqual(columns, ["tone", "area"]);
  assert.match(bare.warned.join(), /could be: "tone", "area" \(--attributes tone,area\)/);

  const jsonl = '{"text":"t","attributes":{"tone":" Angry","n":3},"area":null,"x":true}\n' +
    '{"text":"t","attributes":{"topic":null}}\n';
  const nested = await read("a.jsonl", jsonl, { config: given });
  assert.deepEqual(nested.rows.map(({ attributes }) => attributes), [
    { tone: "Angry", n: "3" },
    { topic: "" },
  ]);
  assert.deepEqual(Object.keys(nested.source.config?.attributes ?? {}), ["tone", "topic"]);
  const some = await read("a.jsonl", jsonl, { attributes: ["tone", "area", "x"] });
  assert.deepEqual(some.rows.map(({ attributes }) => attributes), [
    { tone: "Angry", area: "", x: "true" },
    { area: "", x: "" },
  ]);
});

Deno.test("what a run's log and table say of a row beside its attributes is no attribute", async () => {
  // Each part of a record repeats, as attributes do; the rows of one run came in two batches.
  const rows = Array.from({ length: 8 }, (_, row) => {
    const twice = row % 2;
    return record(row, {
      attributes: {},
      requestedWords: 1 + twice,
      reason: `r${twice}`,
      batch: `batch_${twice}`,
      ms: twice,
    });
  });
  for (const format of ["csv", "jsonl"] as const) {
    const text = (await Array.fromAsync(exportText(rows, { format, stems: [] }))).join("");
    const { warned } = await read(`a.${format}`, text);
    assert.deepEqual(warned, [], format);
  }
});

Deno.test("languages of a file are named as the config names them", async () => {
  const given = config({
    attributes: {
      language: ["English", "svenska", "pt-BR", "pt-PT"].map((value) => ({
        value,
        score: 1,
        factor: 1,
        prompt: null,
        when: null,
      })),
    },
  });
  const csv = "text,language\na,en\nb,Swedish\nc,English\nd,de\ne,pt\nf,\n";
  const { rows } = await read("a.csv", csv, { config: given });
  assert.deepEqual(
    rows.map(({ attributes }) => attributes.language),
    ["English", "svenska", "English", "de", "pt", ""],
  );
});

Deno.test("a config of which a file has a part keeps its shares, also those under conditions", async () => {
  const item = { score: 1, factor: 1, prompt: null, when: null };
  const given = config({
    attributes: {
      language: [{ ...item, value: "Danish" }, { ...item, value: "English", score: 3 }],
      tone: [
        { ...item, value: "Angry", when: { language: ["Danish"] } },
        { ...item, value: "Calm" },
      ],
    },
  });
  const { source } = await read("a.csv", "text,tone\na,Angry\n", { config: given });
  assert.deepEqual(
    source.config?.attributes.tone?.map(({ value, score, when }) => [value, score, when]),
    [["Angry", 0.125, null], ["Calm", 0.875, null]],
  );
});

Deno.test("a fault names the file, the place, and what was expected", async () => {
  const cases: [string, string | Uint8Array, RegExp, FileSourceOptions?][] = [
    ["a.jsonl", '{"text":"a"}\n{"text":\n', /a\.jsonl, line 2: not JSON\.\n.*--skip-bad-lines/],
    ["a.jsonl", '{"text":"a"}\n{"text":5}', /line 2: "text" is 5: it must be a text/],
    ["a.jsonl", '{"text":"a"}\n{"x":5}', /line 2: "text" is missing: it must be a text/],
    ["a.jsonl", '"a"\n[5]', /line 2: expected an object or a text but found a list/],
    ["a.json", '["a",\n{"text": tru}]', /line 2: not JSON/],
    ["a.json", '["a",\n]', /line 2: expected an item but found "]"/],
    ["a.json", '["a",\n\n"b"', /the list has no end: expected "]".*begins in line 3/],
    ["a.json", '["a"]\n["b"]', /line 2: the list has ended, but more comes/],
    ["a.json", '"a"', /line 1: expected a list of texts or of objects.*found "\\""/],
    ["a.json", " \n", /is empty: expected a list/],
    ["a.json", "[]", /has no rows/],
    ["a.csv", "text\n", /has no rows/],
    ["a.csv", "", /has no rows/],
    ["a.csv", "text,b\na,b\nc\n", /row 3: expected 2 cells but found 1/],
    ["a.csv", 'text,b\na,b\n"c,d', /row 3: a quoted cell has no end/],
    ["a.csv", "text,b,b\na,b,c\n", /two columns are named "b"/],
    [
      "a.csv",
      "text,outcome\na,ok\nb,good\n",
      /row 3: "outcome" is "good": it must be one of ok, refused.*\n.*--attributes outcome/,
    ],
    [
      "a.csv",
      "text,requested_words\na,many\n",
      /row 2: "requested_words" is "many": it must be a whole number of at least 1/,
    ],
    ["a.jsonl", '{"text":"a","requestedWords":0}', /"requestedWords" is 0: it must be a whole/],
    [
      "a.jsonl",
      '{"text":"a","attributes":{"b":[1]}}',
      /"attributes\.b" is a list: it must be a te/,
    ],
    ["a.jsonl", '{"text":"a","b":{}}', /"b" is an object: it must be a te/, { attributes: ["b"] }],
    ["a.csv", "message,b\na,b\n", /which column has the texts\?.*--text: "message", "b"/],
    ["a.csv", "message,b\na,b\n", /no column "text" for --text.*"message", "b"/, { text: "text" }],
    ["a.json", "{}", /has no named columns\. Expected one for the text/],
    ["a.csv", ",,\n,,\n", /has no named columns/],
    ["a.csv", "text,b\na,b\n", /no column "c" for --attributes. It has "b"/, { attributes: ["c"] }],
    ["a.json", '["a"]', /texts alone, so there is no column "c"/, { attributes: ["c"] }],
    ["a.txt", new Uint8Array([0xff, 0xfe, 0x61, 0]), /a\.txt is UTF-16: save it as UTF-8/],
    ["a.txt", new Uint8Array([0x61, 0, 0x62, 0]), /NUL bytes, so it is UTF-16/],
    ["a.txt", new Uint8Array([0x61, 10, 0xe5, 10]), /line 2: not valid UTF-8\. Save/],
    ["a.txt", new Uint8Array([0x61, 10, 0xc3]), /line 2: not valid UTF-8/],
  ];
  for (const [name, content, message, options = {}] of cases) {
    await rejects(name, content, { ...options, message });
  }
  await assert.rejects(fileSource("no/such.csv"), /There is no file no\/such\.csv/);
  await assert.rejects(fileSource("."), /is a folder/);
});

Deno.test("a bad byte is found in the line where it stands, far into a file", async () => {
  const lines = Array.from({ length: 60_000 }, (_, line) => `line ${line} åäö`);
  const bytes = asBytes(lines.join("\n"));
  const at = asBytes(lines.slice(0, 41_234).join("\n")).length - 1;
  bytes[at] = 0xff;
  await rejects("a.txt", bytes, { message: /line 41234: not valid UTF-8/ });
  // Files are read 256 KiB at a time: here a letter lies over the cut.
  const cut = asBytes("x".repeat(256 * 1024 - 1) + "å\nfine\n?");
  cut[cut.length - 1] = 0xff;
  await rejects("a.txt", cut, { message: /line 3: not valid UTF-8/ });
});

Deno.test("bad rows are counted and told where they may be skipped", async () => {
  const { rows, source, warned } = await read(
    "a.csv",
    "text,outcome\na,ok\nb,good\nc\nd,ok\n",
    { skipBadLines: true },
  );
  assert.deepEqual(texts(rows), ["a", "d"]);
  assert.equal(source.counts.planned, 2);
  assert.match(warned[0] ?? "", /2 rows that can't be read are left out, first row 3: "outcome"/);
});

Deno.test("rows that come into the file later are left out", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.txt");
  await Deno.writeTextFile(path, "a\nb\n");
  const source = await fileSource(path);
  await Deno.writeTextFile(path, "c\n", { append: true });
  assert.deepEqual(texts(await Array.fromAsync(source.rows())), ["a", "b"]);
});

Deno.test("the rows of one object are its only list of texts or objects, or the one that is named", async () => {
  const only = JSON.stringify(
    { version: 2, about: { n: [] }, data: { rows: [{ text: "a" }, { text: "b" }], ids: [[1]] } },
    null,
    2,
  );
  for (const name of ["a.json", "a.jsonl", "a"]) {
    const { rows, warned } = await read(name, only);
    assert.deepEqual(texts(rows), ["a", "b"], name);
    assert.deepEqual(warned, [warned[0]]);
    assert.match(warned[0] ?? "", /is one object: its rows are the list at \.data\.rows\.$/);
  }
  assert.deepEqual(texts((await read("a.json", '{"all":["a","b"],"n":2}')).rows), ["a", "b"]);

  const several = '{\n"train": ["a"],\n"test set": ["b", "c"], "pairs": [["d", "e"]]\n}';
  await rejects("a.json", several, {
    message: new RegExp(
      "a\\.json is one JSON object, not a list of rows\\. In it are lists at \\.train " +
        '\\(1 text\\), \\["test set"\\] \\(2 texts\\), \\.pairs \\(1 list\\)\\. .*--list \'\\["test set"\\]\'',
    ),
  });
  for (const list of ['["test set"]', ".train", "train"]) {
    const { rows } = await read("a.json", several, { list });
    assert.deepEqual(texts(rows), list.endsWith("train") ? ["a"] : ["b", "c"]);
  }
  await rejects("a.json", several, { list: "dev", message: /no list at \.dev .* at \.train/ });
  // A short list beside the rows isn't taken for them.
  const split = '{"columns": ["text"], "data": [["a"], ["b"]]}';
  await rejects("a.json", split, { message: /the longest none of texts or of objects/ });
  const beside =
    '{"by": ["A"], "messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]}';
  await rejects("a.json", beside, { message: /Its chat is taken by --text messages\./ });
  await rejects("a.txt", "a", { list: "dev", message: /isn't one JSON object/ });
  await rejects("a.json", '{\n"a": [["x", "y"]],\n"b": [1]\n}', {
    message: /lists at \.a \(1 list\), \.b \(1 item\), none of texts or of objects/,
  });
  await rejects("a.json", '{"rows": [{"text": "a"}, {"text": 5}, {"text": "c"}]}', {
    message: /a\.json, \.rows item 2: "text" is 5/,
  });
});

Deno.test("an object on several lines is never taken for JSON lines", async () => {
  const cases: [string, RegExp][] = [
    ['{\n"a": 1,\n}\n', /a\.jsonl: line 3, column 1: take away the comma.*one JSON object/],
    ['{\n"text": "a"\n}\n{\n"text": "b"\n}\n', /line 4, column 1: .*second object.*jq -c/],
    ['{\n"text": "a"\n', /line 3, column 1: the file ends too early/],
  ];
  for (const [content, message] of cases) {
    await rejects("a.jsonl", content, { message });
    await rejects("a.json", content, {
      message: new RegExp(message.source.replace("l:", ":")),
      skipBadLines: true,
    });
  }
  const row = await read("a.json", '{\n  "text": "a",\n  "tags": ["x", "y"]\n}');
  assert.deepEqual(texts(row.rows), ["a"]);
  // A broken line is one of JSON lines where the next one is whole.
  for (const line of ['{"text":', "{'text': 'a'}"]) {
    await rejects("a.jsonl", `${line}\n{"text":"b"}\n`, {
      message: /line 1: not JSON\.\n.*--skip/,
    });
  }
});

Deno.test("a form that isn't read is named, and what is read as plain text is said", async () => {
  await rejects("a.yml", "rows:\n- a\n", { message: /a\.yml is YAML, which isn't read\. .*CSV/ });
  await rejects("a.YAML", "- a\n", { message: /is YAML/ });
  await rejects("a.parquet", "PAR1", { message: /is Parquet/ });
  const { rows, warned } = await read("a.log", "rows: a\nb\n");
  assert.deepEqual(texts(rows), ["rows: a", "b"]);
  assert.match(warned.join(), /a\.log is read as plain text, a message a line\./);
  assert.deepEqual((await read("a.txt", "a\n")).warned, []);
});

Deno.test("lines may end with CR alone", async () => {
  const forms = {
    "a.txt": "Hi, there\r\rYou\r",
    "a.jsonl": '{"text":"Hi, there"}\r{"text":"You"}\r',
    "a.csv": 'id,text\r1,"Hi, there"\r2,You\r',
    "a": '"Hi, there"\r"You"\r',
  };
  for (const [name, content] of Object.entries(forms)) {
    assert.deepEqual(texts((await read(name, content)).rows), ["Hi, there", "You"], name);
  }
  // A cell's own line end isn't that of a row, nor is a CR in a text of other lines.
  const cells = await read("a.csv", '"a\nb",text\r1,"c\nd"\r2,e\r');
  assert.deepEqual(texts(cells.rows), ["c\nd", "e"]);
  assert.deepEqual(texts((await read("a.txt", "a\rb\nc\n")).rows), ["a\rb", "c"]);
  await rejects("a.jsonl", '"a"\r"b"\r"c"\r{x\r', { message: /line 4: not JSON/ });
});

Deno.test("an outcome that is somebody else's is left alone and said, and may be an attribute", async () => {
  const csv = "text,outcome\n" +
    ["solved", "open", "solved", "", "open", "open"].map((outcome, row) => `t${row},${outcome}\n`)
      .join("");
  let columns: readonly string[] = [];
  const { source, warned } = await read("a.csv", csv, { onColumns: (names) => columns = names });
  assert.deepEqual([source.counts.ok, source.counts.planned], [6, 6]);
  assert.match(warned[0] ?? "", /no value of its column "outcome" is one of Plumbline's.*all rows/);
  assert.equal(warned.filter((said) => said.includes("is one of")).length, 1);

  assert.deepEqual(columns, ["outcome"]);

  const named = await read("a.csv", csv, { attributes: ["outcome"] });
  assert.deepEqual(named.rows.map(({ attributes }) => attributes.outcome), [
    "solved",
    "open",
    "solved",
    "",
    "open",
    "open",
  ]);
  assert.deepEqual(named.warned, []);

  // Where some are ours it isn't clear, but for the one who names it.
  const mixed = csv + "t5,failed\n";
  await rejects("a.csv", mixed, { message: /row 2: "outcome" is "solved": it must be one of ok/ });
  const clear = await read("a.csv", mixed, { attributes: ["outcome"] });
  assert.equal(clear.source.counts.ok, 7);
  const later = "text,outcome\n" + "t,solved\n".repeat(1_500) + "t,failed\n";
  await rejects("a.csv", later, {
    message: /row 1502: "outcome" is "failed", but no value before/,
  });
  // One of our own stays what it is.
  const own = await read("a.csv", "text,outcome\na,ok\nb,failed\n", { attributes: ["outcome"] });
  assert.deepEqual(own.rows.map(({ outcome }) => outcome), ["ok", "failed"]);
});

Deno.test("a mark before a formula is taken off in tables of ours alone", async () => {
  const quoted = ["'=Sum' is all I see", "'-No,' she said", "'tis gone"];
  const csv = "text\n" + quoted.map((text) => `"${text}"\n`).join("");
  assert.deepEqual(texts((await read("a.csv", csv)).rows), quoted);
  const records = ["=1+1", "'tis gone"].map((text, row) => record(row, { text }));
  const ours = (await Array.fromAsync(exportText(records, { format: "csv", stems: [] }))).join("");
  assert(ours.includes("'=1+1"));
  assert.deepEqual(texts((await read("a.csv", ours)).rows), ["=1+1", "'tis gone"]);
});

Deno.test("cells may be separated otherwise, which is said, and one column is the texts", async () => {
  const rows = [["id", "text"], ["1", "Hi, you"], ["2", "Ah, no"]];
  for (const [separator, said] of [[";", '";"'], ["|", '"|"'], ["\t", "tabs"]] as const) {
    const csv = rows.map((cells) => cells.join(separator)).join("\n");
    const table = await read("a.csv", csv);
    assert.deepEqual(texts(table.rows), ["Hi, you", "Ah, no"]);
    assert.deepEqual(table.warned, [table.warned[0]]);
    assert(table.warned[0]?.endsWith(`a.csv: its cells are separated by ${said}.`), said);
  }
  assert.deepEqual((await read("a.tsv", "text\tb\na\tb\n")).warned, []);
  // The index of a table may have no name.
  assert.deepEqual(texts((await read("a.tsv", "\ttext\n0\ta\n1\tb\n")).rows), ["a", "b"]);

  const one = await read("a.csv", 'message\nHi, you\n"Ah, ""no"""\n');
  assert.deepEqual(texts(one.rows), ["Hi, you", 'Ah, "no"']);
  assert.match(one.warned.join(), /its only column, "message", has the texts/);
});

Deno.test("of a chat the user's first turn is the text, or each of them", async () => {
  const openai = JSON.stringify({
    messages: [
      { role: "system", content: "Be kind." },
      { role: "user", content: "Where is my ring?" },
      { role: "assistant", content: "Here." },
      { role: "user", content: [{ type: "image_url" }, { type: "text", text: "Thank you" }] },
    ],
    tone: "Calm",
  });
  const sharegpt = JSON.stringify({
    conversations: [
      { from: "human", value: "Where is my ring?" },
      { from: "gpt", value: "Here." },
      { from: "human", value: "Thank you" },
    ],
    tone: "Calm",
  });
  for (const [text, chat] of [["messages", openai], ["conversations", sharegpt]] as const) {
    const options = { text, attributes: ["tone"] };
    const name = "a.jsonl";
    const first = await read(name, `${chat}\n${chat}\n`, options);
    assert.deepEqual(texts(first.rows), ["Where is my ring?", "Where is my ring?"]);
    const all = await read(name, `${chat}\n${chat}\n`, { ...options, turns: "all" });
    assert.deepEqual(all.rows.map(({ row, text, attributes }) => [row, text, attributes.tone]), [
      [0, "Where is my ring?", "Calm"],
      [1, "Thank you", "Calm"],
      [2, "Where is my ring?", "Calm"],
      [3, "Thank you", "Calm"],
    ]);
    assert.equal(all.source.counts.planned, 4);
    // A chat alone in a file is a row of it.
    assert.deepEqual(texts((await read("a.json", chat, options)).rows), ["Where is my ring?"]);
  }
  await rejects("a.jsonl", '{"messages":[{"role":"system","content":"x"}]}', {
    message: /"messages" has no turn of a user/,
  });
});

Deno.test("of several values in a cell the first counts, and how many rows have more is said", async () => {
  const lines = [["a", "b"], ["b"], [], "a", null, '["b", "c"]', "a;b"].map((topics) =>
    JSON.stringify({ text: "t", topics })
  );
  const { rows, warned } = await read("a.jsonl", lines.join("\n"), { attributes: ["topics"] });
  assert.deepEqual(rows.map(({ attributes }) => attributes.topics), [
    "a",
    "b",
    "",
    "a",
    "",
    "b",
    "a;b",
  ]);
  assert.match(warned.join(), /2 rows have several values in "topics": each counts for its first/);
  const csv = await read("a.csv", 'text,topics\nt,"[""a"",""b""]"\nt,[a]\n', {
    attributes: ["topics"],
  });
  assert.deepEqual(csv.rows.map(({ attributes }) => attributes.topics), ["a", "[a]"]);
});

Deno.test("leaving rows out is named only where most rows stay", async () => {
  const cases: [string, string, RegExp][] = [
    ["a.jsonl", '{a}\n{b}\n"c"\n', /line 1: not JSON\.\n2 of 3 lines can't be read.*name it \.txt/],
    ["a.csv", "text,b\na\nb\nc,d\n", /row 2: .*\n2 of 3 rows can't be read\. Expected the names/],
    ["a.json", '[["a"],["b"],"c"]', /2 of 3 lines can't be read\. Expected a text for each row/],
  ];
  for (const [name, content, message] of cases) {
    await rejects(name, content, { message });
    await assert.rejects(
      read(name, content),
      (error) => error instanceof UserError && !error.message.includes("--skip-bad-lines"),
    );
  }
  await rejects("a.jsonl", "{a}\n{b}\n", {
    skipBadLines: true,
    message: /2 of 2 lines can't be read/,
  });
  await rejects("a.jsonl", '"a"\n"b"\n{c}\n{d}\n"e"\n', { message: /--skip-bad-lines \(2 of 5\)/ });
});

Deno.test({
  name: "a pipe is no plain file, and nothing waits for it",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "pipe");
    assert((await new Deno.Command("mkfifo", { args: [path] }).output()).success);
    await assert.rejects(fileSource(path), /pipe is no plain file/);
    await assert.rejects(fileSource("/dev/null"), /is no plain file/);
  },
});
