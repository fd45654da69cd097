import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "npm:fast-check@4.10.2";
import { UserError } from "../../../src/error.ts";
import { shardRows } from "../../../src/plan/shard.ts";
import { readRecords, type ReadRecordsOptions } from "../../../src/run/log/records.ts";
import { record, temporaryFolder } from "../fixtures.ts";

/** Reads a log with these bytes to its end. */
async function read(bytes: string | Uint8Array<ArrayBuffer>, options: ReadRecordsOptions = {}) {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "records.jsonl");
  await Deno.writeFile(path, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
  const lines = [];
  const torn: { line: number; bytes: number }[] = [];
  const bad: { line: number; why: string }[] = [];
  for await (
    const line of readRecords(path, {
      onTorn: (told) => torn.push(told),
      onBad: (told) => bad.push(told),
      ...options,
    })
  ) lines.push(line);
  return { lines, torn, bad, rows: lines.map(({ record }) => record.row) };
}

const line = (row: number) => JSON.stringify(record(row));

Deno.test("a log that doesn't exist has no records", async () => {
  for await (const _ of readRecords("/no/such/records.jsonl")) assert.fail("a record");
});

Deno.test("an empty log has no records", async () => {
  assert.deepEqual((await read("")).rows, []);
});

Deno.test("records come in file order with their line numbers", async () => {
  const { lines } = await read(`${line(3)}\n${line(1)}\n${line(3)}\n`);
  assert.deepEqual(lines.map(({ record, line }) => [record.row, line]), [[3, 1], [1, 2], [3, 3]]);
  assert.deepEqual(lines[0]?.record, record(3));
});

Deno.test("keys that aren't known are kept", async () => {
  const { lines } = await read(JSON.stringify({ ...record(0), part: "topup-1" }) + "\n");
  assert.equal(Object.entries(lines[0]!.record).find(([key]) => key === "part")?.[1], "topup-1");
});

Deno.test("CRLF, blank lines and a byte order mark are fine", async () => {
  const { rows, lines } = await read(
    `\uFEFF${line(0)}\r\n\r\n\n   \n${line(1)}\r\n\n${line(2)}\n\n`,
  );
  assert.deepEqual(rows, [0, 1, 2]);
  assert.deepEqual(lines.map(({ line }) => line), [1, 5, 7]);
});

Deno.test("a last line without its line end is whole if it is JSON", async () => {
  for (const end of ["", "\r", "  "]) {
    const { rows, torn } = await read(`${line(0)}\n${line(1)}${end}`);
    assert.deepEqual([rows, torn], [[0, 1], []]);
  }
});

Deno.test("a last line torn at any byte is skipped and told, and the file stays as it is", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "records.jsonl");
  const first = new TextEncoder().encode(line(0) + "\n");
  const last = new TextEncoder().encode(JSON.stringify(record(1, { text: "Åh, 🙂 ”nej”" })));
  for (let cut = 1; cut < last.length; cut++) {
    const bytes = new Uint8Array([...first, ...last.subarray(0, cut)]);
    await Deno.writeFile(path, bytes);
    const rows: number[] = [];
    const torn: unknown[] = [];
    for await (const { record } of readRecords(path, { onTorn: (told) => torn.push(told) })) {
      rows.push(record.row);
    }
    assert.deepEqual([rows, torn], [[0], [{ line: 2, bytes: cut }]], `cut at ${cut}`);
    assert.deepEqual(await Deno.readFile(path), bytes);
  }
});

Deno.test("a bad line before the end stops with file, line and the way out", async () => {
  for (const bad of [line(1).slice(0, 40), "null", "[]", `{"row": 1}`, `{"row": "1"}`]) {
    await assert.rejects(read(`${line(0)}\n\n${bad}\n${line(2)}\n`), (error) => {
      assert(error instanceof UserError);
      assert.equal(error.exitCode, 2);
      assert.match(error.message, /records\.jsonl, line 3: /);
      assert.match(error.message, /--skip-bad-lines/);
      return true;
    });
  }
});

Deno.test("a bad last line with its line end is not torn", async () => {
  await assert.rejects(read(`${line(0)}\n${line(1).slice(0, 40)}\n`), UserError);
});

Deno.test("a last line that is JSON but no record is bad, with or without its line end", async () => {
  await assert.rejects(read(`${line(0)}\n{"row": 1}`), UserError);
});

Deno.test("bad lines are counted where they are to be skipped", async () => {
  const { rows, bad } = await read(`${line(0)}\n}{\n${line(2)}\n{"row": -1}\n`, {
    skipBadLines: true,
  });
  assert.deepEqual(rows, [0, 2]);
  assert.deepEqual(bad.map(({ line }) => line), [2, 4]);
});

Deno.test("a row number beyond the count is a bad line", async () => {
  await assert.rejects(
    read(`${line(0)}\n${line(5)}\n`, { rows: shardRows(5, null) }),
    /line 2: row 5 is none of/,
  );
  const { rows } = await read(`${line(0)}\n${line(5)}\n`, {
    rows: shardRows(5, null),
    skipBadLines: true,
  });
  assert.deepEqual(rows, [0]);
});

Deno.test("any texts survive, however long and wherever chunks end", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme", maxLength: 50 }), { maxLength: 8 }),
      fc.array(fc.nat(400_000), { minLength: 8, maxLength: 8 }),
      fc.boolean(),
      async (texts, pads, ended) => {
        const written = texts.map((text, row) =>
          record(row, { text: text.toWellFormed() + "å".repeat(pads[row] ?? 0) })
        );
        const log = written.map((each) => JSON.stringify(each)).join("\n") + (ended ? "\n" : "");
        const { lines } = await read(log);
        assert.deepEqual(lines.map(({ record }) => record), written);
      },
    ),
    { numRuns: 15 },
  );
});

/** A log with a line between two records that is as long as the longest and one byte. */
function withLongLine(after: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const [before, behind] = [encoder.encode(`${line(0)}\n`), encoder.encode(after)];
  const log = new Uint8Array(before.length + 64 * 1024 * 1024 + 1 + behind.length).fill(120);
  log.set(before);
  log.set(behind, log.length - behind.length);
  return log;
}

Deno.test("a line that is too long is a bad line like others", async () => {
  const log = withLongLine(`\n${line(2)}\n${line(3)}\n`);
  await assert.rejects(
    read(log),
    (error) =>
      error instanceof UserError &&
      /line 2: longer than 67108864 bytes: no record\.\n.*--skip-bad-lines/.test(error.message),
  );
  const { rows, bad, torn } = await read(log, { skipBadLines: true });
  assert.deepEqual([rows, torn], [[0, 2, 3], []]);
  assert.deepEqual(bad, [{ line: 2, why: "longer than 67108864 bytes: no record" }]);
});

Deno.test("so is the last one without its end", async () => {
  const { rows, bad } = await read(withLongLine("x"), { skipBadLines: true });
  assert.deepEqual([rows, bad.map(({ line }) => line)], [[0], [2]]);
});
