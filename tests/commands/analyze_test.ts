import assert from "node:assert/strict";
import { join } from "node:path";
import type { Findings } from "../../src/analysis/findings.ts";
import { exportText } from "../../src/report/export.ts";
import { EXPORT_FORMATS } from "../../src/report/formats.ts";
import type { RowRecord } from "../../src/run/types.ts";
import { manifest, record } from "../run/fixtures.ts";
import { folder as newFolder, folderWithConfig, run, start, until, write } from "./command_line.ts";
import { runHere } from "./in_process.ts";

/** The files of a run, by their paths. */
function runFiles(
  name: string,
  { count = 4, records, fields = {} }: {
    count?: number;
    records: RowRecord[];
    fields?: Parameters<typeof manifest>[1];
  },
): Record<string, unknown> {
  return {
    [`${name}/run.json`]: manifest(count, fields),
    [`${name}/records.jsonl`]: records.map((each) => JSON.stringify(each) + "\n").join(""),
  };
}

/** A record as the config of the fixtures would ask for it. */
function asked(row: number, fields: Partial<RowRecord> = {}): RowRecord {
  const attributes = { tone: row % 3 ? "" : "Angry", topic: row % 2 ? "Delays" : "Tickets" };
  return record(row, {
    attributes,
    text: `Could you please tell me of ${row}?`,
    words: 7,
    ...fields,
  });
}

const RECORDS = [
  asked(0, { outcome: "failed", text: null, words: null, reason: "HTTP 500" }),
  asked(2),
  asked(1, { outcome: "refused", text: "I'm sorry." }),
  asked(0),
];

/** A folder with `runs/metro-1-91bc04`: 4 rows planned, the first asked twice, the last not yet. */
async function folderWithRun(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await newFolder();
  await write(folder.path, runFiles("runs/metro-1-91bc04", { records: RECORDS }));
  return folder;
}

async function findingsIn(...path: string[]): Promise<Findings> {
  return JSON.parse(await Deno.readTextFile(join(...path, "analysis.json")));
}

async function names(...path: string[]): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(join(...path)), ({ name }) => name)).sort();
}

Deno.test("analyze writes analysis.json into the run's folder and says what matters on stderr", async () => {
  await using from = await folderWithRun();
  const words = ["analyze", "metro-1-91bc04", "--output", "runs"];
  const { code, out, err } = await run(words, { from: from.path });
  assert.deepEqual([code, out], [0, ""], err);
  // What is done is told where it takes long.
  const lines = err.split("\n").filter((line) => !/^ {2}.* …/.test(line));
  assert.match(
    lines[0] ?? "",
    /^2 ok rows · English · too few for shares: intervals are wide \(±\.50\); 400/,
  );
  assert.match(
    err,
    /\n4 planned = 2 ok \+ 1 refused \+ 1 pending → runs\/metro-1-91bc04\/analysis\.json\n/,
  );
  assert.match(err, /\n1 row is pending: the same generate command again finishes them\.\n/);
  assert.match(err, /\nNext: deno task lab.* deno task export runs\/metro-1-91bc04 --format csv/);
  assert(lines.length <= 13, lines.join("\n"));
  const folder = join(from.path, "runs/metro-1-91bc04");
  assert.deepEqual(await names(folder), ["analysis.json", "records.jsonl", "run.json"]);
  const findings = await findingsIn(folder);
  assert.deepEqual(Object.keys(findings), [
    "made",
    "rows",
    "languages",
    "attributes",
    "length",
    "terms",
    "diversity",
    "several",
    "lost",
    "coverage",
  ]);
  const { size } = await Deno.stat(join(folder, "records.jsonl"));
  assert.deepEqual(findings.made.files, [{ path: "records.jsonl", bytes: size }]);
  assert.deepEqual(findings.made.from, ["metro-1-91bc04"]);
  assert.deepEqual([findings.rows.planned, findings.rows.pending], [4, 1]);

  // By path, again: the same but for the time.
  const again = await runHere(["analyze", "runs/metro-1-91bc04", "--json"], { from: from.path });
  assert.equal(again.code, 0, again.err);
  assert.equal(again.out, await Deno.readTextFile(join(folder, "analysis.json")));
  const second = JSON.parse(again.out);
  assert.deepEqual({ ...second, made: 0 }, { ...findings, made: 0 });
});

Deno.test("a rehearsal with known faults shows them, one without doesn't", async () => {
  await using from = await folderWithConfig();
  await write(from.path, {
    "metro/injections/additional_instruction.json": [
      { additional_instruction: "", "frequency score": 1 },
      { additional_instruction: "Ask for a promise", "frequency score": 1 },
    ],
  });
  const said = async (profile: string) => {
    const words = ["--config", "metro", "--output", "out", "--count", "800", "--run", profile];
    const made = await runHere(["generate", ...words, "--model", `simulated:${profile}`], {
      from: from.path,
    });
    assert.equal(made.code, 0, made.err);
    assert.match(made.err, new RegExp(`\nNext: deno task analyze out/${profile}\nThen: `));
    const { code, err } = await runHere(["analyze", `out/${profile}`], { from: from.path });
    assert.equal(code, 0, err);
    return err;
  };
  const leaky = await said("leaky");
  assert.match(leaky, /^\d {2}.*"could you please" \(\d\d %, /m);
  assert.match(
    leaky,
    /of the rows asked for additional_instruction "Ask for a promise" were refused/,
  );
  const faithful = await said("faithful");
  assert.doesNotMatch(faithful, /could you please|refused|lost|shorter|longer/);
});

Deno.test("words are held against counts from elsewhere where they are given", async () => {
  await using from = await newFolder();
  const texts = Array.from(
    { length: 60 },
    (_, row) => `Kindly help me with my card number ${row}.`,
  );
  await write(from.path, {
    "a.json": texts,
    "counts.txt": "the 5000\nhelp 20\nmy 900\ncard 40\n",
    "broken.txt": "the 5000\nhelp\n",
  });
  const analyzed = (...words: string[]) =>
    runHere(["analyze", "a.json", "--reference", ...words], { from: from.path });
  const counts = await analyzed("counts.txt");
  assert.equal(counts.code, 0, counts.err);
  assert.match(
    counts.err,
    /^Against counts\.txt \(English\): "kindly" at least \d+ times as often/m,
  );
  const { reference } = (await findingsIn(from.path)).terms;
  assert.deepEqual([reference?.name, reference?.language, reference?.words], [
    "counts.txt",
    "en",
    5960,
  ]);
  assert(reference?.terms.some(({ term }) => term === "kindly"));
  // Real messages are taken in the form that rows are; a message may be about any number of things.
  await write(from.path, {
    "chats.csv": ["id;message", ...texts.map((_, i) => `${i};"Help me with my card number ${i}!"`)]
      .join("\n"),
    "other.csv": "id;question\n1;Hi there\n2;Hello\n",
  });
  const chats = await analyzed("chats.csv");
  assert.equal(chats.code, 0, chats.err);
  assert.match(
    chats.err,
    /^Against chats\.csv \(English\): "kindly" at least [\d.]+ times as often\. chats\.csv is taken for/m,
  );
  assert.doesNotMatch(chats.err, /Columns that could be/);
  const compared = (await findingsIn(from.path)).terms.reference;
  assert.deepEqual([compared?.name, compared?.words], ["chats.csv", 420]);
  const subtitles = await run(["analyze", "a.json", "--reference", "subtlex"], { from: from.path });
  assert.equal(subtitles.code, 0, subtitles.err);
  assert.match((await findingsIn(from.path)).terms.reference?.name ?? "", /^subtlex/);
  const before = await Deno.readTextFile(join(from.path, "analysis.json"));
  for (
    const [file, message] of [
      ["broken.txt", /broken\.txt, line 2/],
      ["no.txt", /no file no\.txt/],
      [
        "other.csv",
        /^other\.csv: which column has the texts to compare with\? It has "id", "question"/,
      ],
    ] as const
  ) {
    const { code, err } = await analyzed(file);
    assert.equal(code, 2, err);
    assert.match(err, message);
  }
  assert.equal(await Deno.readTextFile(join(from.path, "analysis.json")), before);
});

Deno.test("several runs are analysed as one and written into the last, if they were asked for alike", async () => {
  await using from = await folderWithRun();
  await write(from.path, {
    ...runFiles("runs/metro-2", { records: RECORDS, fields: { seed: 2, model: "openai:m" } }),
    ...runFiles("runs/other", {
      records: RECORDS,
      fields: { config: { ...manifest(1).config, length: null } },
    }),
  });
  const words = ["analyze", "metro-1-91bc04", "metro-2", "--output", "runs"];
  const both = await runHere(words, { from: from.path });
  assert.equal(both.code, 0, both.err);
  assert.match(both.err, /^8 planned = 4 ok .* → runs\/metro-2\/analysis\.json$/m);
  assert.deepEqual(await names(from.path, "runs/metro-1-91bc04"), ["records.jsonl", "run.json"]);
  const { made, rows } = await findingsIn(from.path, "runs/metro-2");
  assert.deepEqual(made.from, ["metro-1-91bc04", "metro-2"]);
  assert.deepEqual(
    made.files.map(({ path }) => path),
    ["../metro-1-91bc04/records.jsonl", "records.jsonl"],
  );
  assert.deepEqual([rows.planned, rows.ok], [8, 4]);
  const note = /^These runs are by different models \("simulated:faithful", "openai:m"\): /m;
  assert.match(both.err, note);
  await write(from.path, runFiles("runs/metro-3", { records: RECORDS, fields: { seed: 3 } }));
  const alike = await runHere(["analyze", "metro-1-91bc04", "metro-3", "--output", "runs"], {
    from: from.path,
  });
  assert.equal(alike.code, 0, alike.err);
  assert.doesNotMatch(alike.err, /different models/);

  const other = await runHere([...words, "other"], { from: from.path });
  assert.equal(other.code, 2);
  assert.match(
    other.err,
    /^other was asked for otherwise than metro-1-91bc04:\n {2}response_length/,
  );
  assert.deepEqual(await names(from.path, "runs/other"), ["records.jsonl", "run.json"]);
});

Deno.test("a run in shards is read whole, missing shards as pending, a shard alone by itself", async () => {
  await using from = await newFolder();
  const shard = (index: number, rows: number[]) =>
    runFiles(`output/metro/shard-${index}-of-4`, {
      count: 300,
      records: rows.map((row) => asked(row)),
      fields: { shard: `${index}/4` },
    });
  await write(from.path, { ...shard(2, [64, 65]), ...shard(4, [192]) });
  const typed = { from: from.path };
  const whole = await runHere(["analyze", "metro", "--output", "output"], typed);
  assert.equal(whole.code, 0, whole.err);
  assert.match(
    whole.err,
    /^metro: not there yet: shard 1\/4, 3\/4\. 172 rows of it count as pending/,
  );
  const { rows, made } = await findingsIn(from.path, "output/metro");
  assert.deepEqual([rows.planned, rows.ok, rows.pending], [300, 3, 297]);
  assert.match(
    whole.err,
    /^297 rows are pending: .*again finishes them; with --shard 1\/4 and --shard 3\/4 it makes/m,
  );
  assert.deepEqual(
    made.files.map(({ path }) => path),
    ["shard-2-of-4/records.jsonl", "shard-4-of-4/records.jsonl"],
  );
  const alone = await runHere(["analyze", "output/metro/shard-2-of-4"], typed);
  assert.equal(alone.code, 0, alone.err);
  const part = await findingsIn(from.path, "output/metro/shard-2-of-4");
  assert.deepEqual([part.rows.planned, part.rows.ok], [64, 2]);
  assert.match(
    alone.err,
    /^62 rows are pending: the same generate command again finishes them\.$/m,
  );
});

Deno.test("analyze takes a file of each form that export writes", async () => {
  await using from = await newFolder();
  const records = Array.from({ length: 30 }, (_, row) => asked(row));
  const attributes = ["tone", "topic"];
  const findings: Findings[] = [];
  for (const format of EXPORT_FORMATS) {
    const pieces = await Array.fromAsync(exportText(records, { format, stems: attributes }));
    await write(from.path, { [`${format}/rows.${format}`]: pieces.join("") });
    const flags = format === "csv" ? ["--text", "text", "--attributes", "tone,topic"] : [];
    const { code, err } = await runHere(["analyze", `${format}/rows.${format}`, ...flags], {
      from: from.path,
    });
    assert.equal(code, 0, err);
    assert.match(
      err,
      new RegExp(`^30 planned = 30 ok \\+ 0 pending → ${format}/analysis.json$`, "m"),
    );
    assert.deepEqual(await names(from.path, format), ["analysis.json", `rows.${format}`]);
    findings.push(await findingsIn(from.path, format));
  }
  const [texts, lines, table] = findings;
  assert(texts !== undefined && lines !== undefined && table !== undefined);
  assert.deepEqual({ ...lines, made: 0 }, { ...table, made: 0 });
  assert.deepEqual(texts.diversity, table.diversity);
  assert.deepEqual(Object.keys(table.attributes), attributes);
  assert.deepEqual(Object.keys(texts.attributes), []);
  assert.equal(table.attributes.tone?.values[0]?.target, null);
  assert.deepEqual(table.made.files.map(({ path }) => path), ["rows.csv"]);
});

Deno.test("a file is held against the targets of a config, and written where one says", async () => {
  await using from = await folderWithConfig();
  const lines = ["message;tone;sender"];
  for (let row = 0; row < 40; row++) {
    lines.push(`"Hi; ${row} times";${row % 4 ? "Angry" : ""};${row}`);
  }
  await write(from.path, { "chats.csv": lines.join("\r\n"), "out/x": "" });
  const words = [
    "analyze",
    "chats.csv",
    "--text",
    "message",
    "--config",
    "metro",
    "--output",
    "out",
  ];
  const { code, err } = await run(words, { from: from.path });
  assert.equal(code, 0, err);
  assert.match(err, /^chats\.csv has no column for "topic": that isn't looked at\.$/m);
  assert.deepEqual(await names(from.path, "out"), ["analysis.json", "x"]);
  const { attributes, length, made } = await findingsIn(from.path, "out");
  assert.deepEqual(
    attributes.tone?.values.map((each) => [each.value, each.target, each.accepted]),
    [["", 0.5, 0.25], ["Angry", 0.5, 0.75]],
  );
  assert.deepEqual(Object.keys(attributes), ["tone"]);
  assert.equal(length?.target?.mean, 2.5);
  assert.deepEqual(made.files.map(({ path }) => path), ["../chats.csv"]);
});

Deno.test("labels beside a run's or a file's rows are read, and who judged is said", async () => {
  await using from = await newFolder();
  const label = (row: number, label: string, by: string) =>
    JSON.stringify({
      row,
      attribute: "tone",
      label,
      by,
      sample: "random",
      p: 1,
      at: "2030-01-31T12:00:00Z",
    });
  const lines = (by: string) =>
    Array.from({ length: 30 }, (_, row) => label(row, row % 3 ? "Calm" : "Angry", by));
  const tones = Array.from({ length: 30 }, (_, row) => row % 3 ? "Calm" : "Angry");
  const records = tones.map((tone, row) => asked(row, { attributes: { tone } }));
  const { model } = manifest(1);
  await write(from.path, {
    ...runFiles("runs/metro-1-91bc04", { count: 30, records }),
    "runs/metro-1-91bc04/labels.jsonl": lines(`judge:${model}`).join("\n") + "\n",
    "chats.csv": `text,tone\n${tones.map((tone, row) => `Where is it ${row}?,${tone}\n`).join("")}`,
    "chats.csv.labels.jsonl": [...lines("judge:openai:m"), ...lines("person").slice(0, 9)]
      .join("\n") + "\n",
  });
  const ofRun = await run(["analyze", "metro-1-91bc04", "--output", "runs"], { from: from.path });
  assert.equal(ofRun.code, 0, ofRun.err);
  const screen = ofRun.err.replaceAll(/\s+/g, " ");
  assert(
    screen.includes(`Measured: tone by judge:${model} (30 rows, none by hand) That judge wrote`),
  );
  assert.match(screen, /wrote the texts itself, and nobody looked at its answers: another model/);
  const tone = (await findingsIn(from.path, "runs/metro-1-91bc04")).attributes.tone;
  assert.deepEqual([tone?.measuredBy, tone?.corrected, tone?.worth], [`judge:${model}`, 0, 30]);

  const words = ["analyze", "chats.csv", "--attributes", "tone"];
  const ofFile = await run(words, { from: from.path });
  assert.equal(ofFile.code, 0, ofFile.err);
  assert.match(ofFile.err, /\nMeasured: tone by judge:openai:m \(30 rows, 9 by hand\)\n/);
  assert.doesNotMatch(ofFile.err, /wrote the texts itself/);
  const angry = (await findingsIn(from.path)).attributes.tone?.values
    .find(({ value }) => value === "Angry");
  assert(angry?.realised && Math.abs(angry.realised.share - 1 / 3) < 0.1);

  await Deno.writeTextFile(join(from.path, "chats.csv.labels.jsonl"), '{"row": -1}\n');
  const broken = await run(words, { from: from.path });
  assert.equal(broken.code, 2);
  assert.match(broken.err, /chats\.csv\.labels\.jsonl, line 1: no label: "row"/);
});

Deno.test("an analysis of a file is written over by one of the same file alone", async () => {
  await using from = await newFolder();
  await write(from.path, { "a.json": ["Hi there"], "b.json": ["Hello there"], "other/x": "" });
  const analyzed = (...words: string[]) => runHere(["analyze", ...words], { from: from.path });
  const path = join(from.path, "analysis.json");
  for (const words of [["a.json"], ["./a.json"]]) {
    const { code, err } = await analyzed(...words);
    assert.equal(code, 0, err);
  }
  const of = await Deno.readTextFile(path);
  for (const content of [of, "no JSON", "[]", '{"made":{"files":[{"path":"b.json"}]}}']) {
    await Deno.writeTextFile(path, content);
    const { code, err } = await analyzed("b.json");
    assert.equal(code, 2, err);
    assert.match(
      err,
      /^analysis\.json isn't written over: it is no analysis of b\.json\..* --output DIR\.$/m,
    );
    assert.equal(await Deno.readTextFile(path), content);
  }
  // What is analysed isn't written over itself.
  assert.equal((await analyzed("analysis.json")).code, 2);
  const elsewhere = await analyzed("b.json", "--output", "other");
  assert.equal(elsewhere.code, 0, elsewhere.err);
  assert.equal((await analyzed("b.json", "--output", "other")).code, 0);
  assert.equal((await analyzed("a.json", "--output", "other")).code, 2);
});

Deno.test("what is named next of a file works on files, and nothing is where all was given", async () => {
  await using from = await folderWithConfig();
  const lines = Array.from({ length: 8 }, (_, row) => `Hi ${row},${row % 2 ? "Angry" : ""},x y`);
  await write(from.path, {
    "a.csv": ["text,tone,place\u001b[2J", ...lines, "Hi,Angry,z"].join("\n"),
    "a.json": ["Hi there"],
  });
  const cases: [string[], RegExp][] = [
    [
      ["a.csv"],
      /^Next: the same with --attributes 'tone,place\\u001b\[2J', to see what each .*\.\n$/m,
    ],
    [["a.csv", "--attributes", "tone"], /^Next: the same with --config DIR, to hold it .*\.\n$/m],
    [["a.json"], /^Next: the same with --config DIR, to hold it .*\.\n$/m],
    [["a.csv", "--config", "metro"], /→ [^\n]*\/analysis\.json\n$/],
  ];
  for (const [place, [words, last]] of cases.entries()) {
    await Deno.mkdir(join(from.path, `${place}`));
    const { code, err } = await runHere(["analyze", ...words, "--output", `${place}`], {
      from: from.path,
    });
    assert.equal(code, 0, err);
    assert.match(err, last);
    assert.match(err, /^[\P{C}\n]+$/u);
    assert.doesNotMatch(err, /^Next: deno task/m);
  }
});

Deno.test("analyze of a run in which all failed says so, why, and what to do", async () => {
  await using from = await newFolder();
  const failed = { outcome: "failed", text: null, words: null } as const;
  const records = [
    asked(0, { ...failed, reason: "HTTP 500" }),
    asked(1, { ...failed, reason: "HTTP 400: no model x" }),
    asked(2, { ...failed, reason: "HTTP 400: no model x" }),
  ];
  await write(from.path, runFiles("runs/lost", { records }));
  const { code, err } = await runHere(["analyze", "runs/lost"], { from: from.path });
  assert.equal(code, 0, err);
  assert.match(err, /^None of 3 rows is ok: 3 failed\. There is no text to measure\.$/m);
  assert.match(err, /^The commonest reason \(2 rows\): HTTP 400: no model x$/m);
  assert.match(err, /^Next: deno task doctor, .* --retry failed\.$/m);
  assert.doesNotMatch(err, /stands out|has not been measured|export/);
  const { rows } = await findingsIn(from.path, "runs/lost");
  assert.deepEqual([rows.planned, rows.failed, rows.pending], [4, 3, 1]);
});

Deno.test("a file's form is said, its chats and lists are named by flags, its folder is made", async () => {
  await using from = await newFolder();
  const chat = [{ from: "human", value: "Where is my key?" }, { from: "human", value: "Thanks" }];
  await write(from.path, {
    "chats.json": { done: [{ conversations: chat }], open: [{ conversations: chat }] },
    "pipes.csv": "id|text\n1|Where is my key?\n",
    "bare.csv": "text\n",
    "nothing.csv": "",
  });
  const analyzed = (...words: string[]) =>
    run(["analyze", ...words, "--output", "new/out"], { from: from.path });
  const unclear = await analyzed("chats.json");
  assert.equal(unclear.code, 2);
  assert.match(unclear.err, /lists at \.done \(1 object\), \.open \(1 object\)\. Name the one/);
  assert.deepEqual(await names(from.path), ["bare.csv", "chats.json", "nothing.csv", "pipes.csv"]);
  const all = await analyzed(
    ...["chats.json", "--list", "open", "--text", "conversations", "--turns", "all"],
  );
  assert.equal(all.code, 0, all.err);
  assert.match(all.err, /^chats\.json is one object: its rows are the list at \.open\.$/m);
  assert.match(all.err, /^2 planned = 2 ok \+ 0 pending → new\/out\/analysis\.json$/m);
  for (const name of ["bare.csv", "nothing.csv"]) {
    const { code, err } = await runHere(["analyze", name], { from: from.path });
    assert.deepEqual([code, err.trim().split("\n").at(-1)], [2, `${name} has no rows.`]);
  }
  // No process may look beneath a device.
  const device = await analyzed("/dev/null");
  assert.equal(device.code, 2, device.err);
  assert.match(device.err, /^\/dev\/null is no plain file/);
  const pipes = await runHere(["analyze", "pipes.csv"], { from: from.path });
  assert.match(pipes.err, /^pipes\.csv: its cells are separated by "\|"\.$/m);
});

Deno.test("analyze refuses what it can't do, says what there is, and writes nothing", async () => {
  await using from = await folderWithRun();
  await write(from.path, {
    "a.csv": "message,tone\nHi,Angry\n",
    "bad.jsonl": '{"text":"a"}\n{"text":\n',
    "utf16.txt": "a\0b",
    "broken/run.json": "{",
  });
  const RUN = ["runs/metro-1-91bc04"];
  const cases: [string[], RegExp][] = [
    [[], /missing required argument/],
    [
      ["metro-2", "--output", "runs"],
      /^No run "metro-2" in runs.*Nor is "metro-2" a file\.\nRuns that exist: metro-1-91bc04/,
    ],
    [["a.csv"], /a\.csv: which column has the texts\? Name it with --text: "message", "tone"/],
    [["a.csv", "--text", "texts"], /a\.csv has no column "texts" for --text/],
    [["a.csv", "--text", "message", "--attributes", "b"], /no column "b" for --attributes/],
    [["a.csv", "--text", "message", "--output", "a.csv"], /a\.csv is a file, so analysis/],
    [["a.csv", "--text", "message", "--output", "a.csv/b"], /folder a\.csv\/b can't be made: /],
    [["a.csv", "--text", "message", "--output", RUN[0]!], /is the folder of a run, whose analysis/],
    [["a.csv", "--text", "message", "--config", "nowhere"], /^nowhere: there is no such folder/],
    [["a.csv", "bad.jsonl"], /a\.csv is a file: a file is analysed alone/],
    [[...RUN, "a.csv"], /a\.csv is a file: a file is analysed alone/],
    [[...RUN, "--text", "message"], /--text is for files: runs\/metro-1-91bc04 is a run/],
    [[...RUN, ...RUN], /named twice/],
    [
      ["runs/metro-1-91bc04/records.jsonl"],
      /is the log of a run\. Name the run: deno task analyze/,
    ],
    [["bad.jsonl"], /^bad\.jsonl, line 2: not JSON\./],
    [["/dev/null"], /^\/dev\/null is no plain file/],
    [["a.csv", "--text", "message", "--reference", "/dev/null"], /^\/dev\/null is no plain file/],
    [["a.csv", "--text", "message", "--list", "rows"], /a\.csv isn't one JSON object/],
    [[...RUN, "--turns", "all"], /--turns is for files/],
    [["utf16.txt"], /^utf16\.txt has NUL bytes, so it is UTF-16/],
    [["broken"], /broken\/run\.json is not JSON/],
    [["runs"], /No run "runs"/],
  ];
  const before = await names(from.path);
  for (const [words, message] of cases) {
    const { code, out, err } = await runHere(["analyze", ...words], { from: from.path });
    assert.deepEqual([code, out], [2, ""], words.join(" ") + err);
    assert.match(err, message);
  }
  assert.deepEqual(await names(from.path), before);
  assert.deepEqual(await names(from.path, RUN[0]!), ["records.jsonl", "run.json"]);
});

Deno.test("broken lines are counted and left out where that is asked for", async () => {
  await using from = await folderWithRun();
  const log = join(from.path, "runs/metro-1-91bc04/records.jsonl");
  await Deno.writeTextFile(log, "{broken}\n", { append: true });
  await write(from.path, { "bad.jsonl": '{"text":"a"}\n{"text":\n"b"\n' });
  const lines: [string, RegExp, RegExp][] = [
    [
      "runs/metro-1-91bc04",
      /records\.jsonl, line 5: not JSON/,
      /records\.jsonl: 1 line .*left out/,
    ],
    [
      "bad.jsonl",
      /line 2: not JSON/,
      /bad\.jsonl: 1 line that can't be read is left out, first line 2/,
    ],
  ];
  for (const [what, fault, told] of lines) {
    const stopped = await runHere(["analyze", what], { from: from.path });
    assert.equal(stopped.code, 2);
    assert.match(stopped.err, fault);
    const { code, err } = await runHere(["analyze", what, "--skip-bad-lines"], { from: from.path });
    assert.equal(code, 0, err);
    assert.match(err, told);
  }
});

Deno.test("nothing of a text acts on the terminal, be it stderr or --json", async () => {
  await using from = await newFolder();
  const texts = Array.from(
    { length: 60 },
    (_, row) => `\u009b31m\u001b[2J could \u202eyou please ${row}\ud800`,
  );
  await write(from.path, {
    "a.jsonl": texts.map((text) =>
      JSON.stringify({ text, attributes: { "to\u001b[2Jne": "An\u009bgry" }, outcome: "ok" }) + "\n"
    ).join(""),
  });
  const { code, out, err } = await runHere(["analyze", "a.jsonl", "--json"], { from: from.path });
  assert.equal(code, 0, err);
  for (const said of [out, err]) assert.match(said, /^[\P{C}\n]+$/u);
  assert.deepEqual(Object.keys(JSON.parse(out).attributes), ["to\u001b[2Jne"]);
});

Deno.test({
  name: "Ctrl-C ends analyze with 130, and nothing half-written is left",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using from = await newFolder();
    const line = (row: number) => JSON.stringify(asked(row)) + "\n";
    await write(from.path, {
      "runs/metro/run.json": manifest(60_000),
      "runs/metro/records.jsonl": Array.from({ length: 60_000 }, (_, row) => line(row)).join(""),
    });
    const started = start(["analyze", "runs/metro"], { from: from.path, inGroup: true });
    // The launcher has a child once its own checks are over.
    await until("the child works", async () => {
      const ps = new Deno.Command("ps", { args: ["-A", "-o", "pgid=,args="] });
      const { stdout } = await ps.output();
      return new TextDecoder().decode(stdout).split("\n").some((each) =>
        each.trim().startsWith(`${started.pid} `) && each.includes("cli.ts")
      );
    });
    Deno.kill(-started.pid, "SIGINT");
    const { code, err } = await started.ended;
    assert.equal(code, 130, err);
    assert.deepEqual(await names(from.path, "runs/metro"), ["records.jsonl", "run.json"]);
  },
});
