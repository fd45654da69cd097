import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type Label,
  labelsOfFolder,
  labelsPath,
  newestLabels,
  openLabels,
  readLabels,
} from "../../../src/run/log/labels.ts";
import { openLog } from "../../../src/run/log/log.ts";

const LABEL: Label = {
  row: 3,
  attribute: "tone",
  label: "Calm",
  by: "person",
  sample: "random",
  p: 0.5,
  at: "2026-01-31T12:00:00.000Z",
};

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openLabels() appends what readLabels() reads, also while rows are written", async () => {
  await inFolder(async (folder) => {
    const rows = await openLog(folder);
    for (const label of ["Calm", "Sad"]) {
      const log = await openLabels(labelsOfFolder(folder));
      log.append({ ...LABEL, label });
      await log.close();
    }
    await rows.close();
    const labels = await readLabels(labelsPath(folder));
    assert.deepEqual(labels.map(({ label }) => label), ["Calm", "Sad"]);
    assert.deepEqual(labels[0], LABEL);
  });
});

Deno.test("openLabels() has one writer at a time, and cuts off what is torn", async () => {
  await inFolder(async (folder) => {
    const log = await openLabels(labelsOfFolder(folder));
    log.append(LABEL);
    await assert.rejects(openLabels(labelsOfFolder(folder)), /is being written by process/);
    await log.close();
    await Deno.writeTextFile(labelsPath(folder), '{"row": 4, "attr', { append: true });
    const again = await openLabels(labelsOfFolder(folder));
    assert.equal(again.cut, 16);
    again.append({ ...LABEL, row: 5 });
    await again.close();
    const labels = await readLabels(labelsPath(folder));
    assert.deepEqual(labels.map(({ row }) => row), [3, 5]);
  });
});

Deno.test("readLabels() leaves a torn last line out and says so, changing nothing", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "labels.jsonl");
    const text = JSON.stringify(LABEL) + '\r\n\n{"row":';
    await Deno.writeTextFile(path, text);
    const warnings: string[] = [];
    const labels = await readLabels(path, { warn: (message) => warnings.push(message) });
    assert.deepEqual(labels, [LABEL]);
    assert.deepEqual(warnings, [`${path}, line 3 is torn: it is left out.`]);
    assert.equal(await Deno.readTextFile(path), text);
  });
});

Deno.test("readLabels() names the line that is no label, or skips it", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "labels.jsonl");
    const lines = [JSON.stringify(LABEL), JSON.stringify({ ...LABEL, p: 2 }), "x", "{}", ""];
    await Deno.writeTextFile(path, lines.join("\n"));
    await assert.rejects(readLabels(path), (error: Error) => {
      assert(error.message.startsWith(`${path}, line 2: no label: "p"`), error.message);
      return true;
    });
    const warnings: string[] = [];
    const options = { skipBadLines: true, warn: (message: string) => warnings.push(message) };
    assert.deepEqual(await readLabels(path, options), [LABEL]);
    assert.deepEqual(warnings.map((line) => /line (\d)/.exec(line)?.[1]), ["2", "3", "4"]);
  });
});

Deno.test("newestLabels() keeps apart rows, attributes, hands and what was asked about", () => {
  const others: Label[] = [
    { ...LABEL, row: 4 },
    { ...LABEL, attribute: "topic" },
    { ...LABEL, by: "judge:openai:x" },
    { ...LABEL, asked: "Be short", label: "yes" },
    { ...LABEL, asked: "Be long", label: "no" },
  ];
  assert.deepEqual(newestLabels([LABEL, ...others]), [LABEL, ...others]);
  assert.deepEqual(newestLabels([LABEL, ...others, { ...LABEL, label: null }]), others);
});
