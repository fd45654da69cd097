import assert from "node:assert/strict";
import { join } from "node:path";
import { openKeeper } from "../../src/label/keep.ts";
import { readSheet } from "../../src/label/read_sheet.ts";
import { readLabels } from "../../src/run/log/labels.ts";
import { temporaryFolder } from "../run/fixtures.ts";
import { judged, labelled, okRow, writeRun } from "./sheets.ts";

Deno.test("readSheet() draws of all ok rows where no judge was, blind to what was asked", async () => {
  await using folder = await temporaryFolder();
  const records = [0, 1, 2, 3].map((row) => okRow(row));
  records[1] = okRow(1, { outcome: "refused", text: "I'm sorry.", reason: "declined" });
  await writeRun(folder.path, { records });
  const { sheet, among, candidates } = await readSheet(folder.path, { n: 2 });
  assert.deepEqual([among, candidates, sheet.rows.length], ["ok", 3, 2]);
  const stems = sheet.questions.map(({ attribute }) => attribute);
  assert.deepEqual(stems, ["additional_instruction", "tone", "topic"]);
  for (const row of sheet.rows) {
    assert.deepEqual([row.p, row.sample, row.text], [2 / 3, "random", `Text of row ${row.row}`]);
    assert.deepEqual(Object.keys(row).sort(), ["asked", "labels", "p", "row", "sample", "text"]);
  }
  const all = await readSheet(folder.path, { n: 9 });
  assert.deepEqual(all.sheet.rows.map(({ row }) => row).sort(), [0, 2, 3]);
  assert.deepEqual(
    all.sheet.rows.slice(0, 2).map(({ row }) => row),
    sheet.rows.map(({ row }) => row),
  );
});

Deno.test("readSheet() draws of the judged rows of all parts, and labels go to their folders", async () => {
  await using folder = await temporaryFolder();
  const parts = [1, 2].map((index) => join(folder.path, `shard-${index}-of-2`));
  for (const [i, part] of parts.entries()) {
    const rows = [0, 1, 2].map((row) => row + i * 64);
    await writeRun(part, {
      count: 128,
      shard: `${i + 1}/2`,
      records: rows.map((row) => okRow(row)),
      labels: rows.slice(1).map((row) => judged(row)),
    });
  }
  const drawn = await readSheet(folder.path, { n: 100, attributes: ["topic"] });
  assert.deepEqual([drawn.among, drawn.candidates], ["judged", 4]);
  assert.deepEqual(drawn.sheet.rows.map(({ row }) => row).sort((a, b) => a - b), [1, 2, 65, 66]);
  assert(drawn.sheet.rows.every(({ p, sample }) => p === 0.5 && sample === "stratified"));
  const among = await readSheet(folder.path, { n: 100, among: "ok" });
  assert.equal(among.candidates, 6);

  const keeper = await openKeeper(drawn);
  await assert.rejects(openKeeper(drawn), /is being written by/);
  for (const row of [65, 1]) keeper.keep(labelled(row));
  await keeper.close();
  for (const [part, row] of [[parts[0], 1], [parts[1], 65]] as const) {
    const labels = await readLabels(join(part ?? "", "labels.jsonl"));
    assert.deepEqual(labels.at(-1), labelled(row));
    assert.equal(labels.length, 3);
  }
});

Deno.test("readSheet() goes on: labels stay, and their chance grows with the number of rows", async () => {
  await using folder = await temporaryFolder();
  await writeRun(folder.path);
  const { sheet: { rows } } = await readSheet(folder.path, { n: 2, attributes: ["topic"] });
  const [first, second] = rows.map(({ row }) => row);
  assert(first !== undefined && second !== undefined);
  const labels = [
    labelled(first, { p: 1 / 3 }),
    labelled(second, { p: 1 / 3 }),
    labelled(second, { label: null, p: 1 / 3 }),
    judged(second, { sample: "picked", p: null }),
  ];
  await writeRun(folder.path, { labels });
  const again = await readSheet(folder.path, { n: 2, attributes: ["topic"] });
  assert.deepEqual(again.sheet.rows.map(({ labels }) => labels), [{ topic: "Tickets" }, {}]);
  assert.deepEqual(again.raised, []);
  const more = await readSheet(folder.path, { n: 3, attributes: ["topic"] });
  assert.deepEqual(more.raised, [labelled(first, { p: 0.5 })]);
  const fewer = await readSheet(folder.path, { n: 1, attributes: ["topic"] });
  assert.deepEqual(fewer.raised, []);
});

Deno.test("readSheet() says what there is to label where it isn't what was named", async () => {
  await using folder = await temporaryFolder();
  await writeRun(folder.path);
  await assert.rejects(readSheet(folder.path, { n: 1, attributes: ["mood"] }), {
    name: "UserError",
    message:
      /^--attribute: "mood" is no attribute of .*Known: "additional_instruction", "language"/,
  });
  await writeRun(folder.path, { records: [] });
  await assert.rejects(readSheet(folder.path, { n: 1 }), /has no ok row to label/);
});
