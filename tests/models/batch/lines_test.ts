import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { readLines } from "../../../src/models/batch/lines.ts";

const limits = { longest: 1_000, patienceMs: 1_000 };

/** A stream that gives bytes in pieces of so many. */
function streamOf(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
  return ReadableStream.from(pieces);
}

Deno.test("lines are those of the text, however it is cut into chunks", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.string({ unit: fc.constantFrom("a", "å", "🚋", " ", "\n", "\r") }), {
      maxLength: 9,
    }),
    fc.integer({ min: 1, max: 7 }),
    async (texts, size) => {
      const text = texts.join("\n");
      const lines = await Array.fromAsync(readLines(streamOf(text, size), limits));
      assert.deepEqual(lines, text.split("\n").filter((line) => line.trim() !== ""));
    },
  ));
});

Deno.test("a line that is too long is null wherever it stands, and the others are there", async () => {
  const long = "x".repeat(5_000);
  for (const size of [1, 100, 20_000]) {
    const lines = await Array.fromAsync(
      readLines(streamOf(`${long}\none\n${long}\ntwo\n${long}`, size), limits),
    );
    assert.deepEqual(lines, [null, "one", null, "two", null]);
  }
});

Deno.test("a stream that says nothing for too long is given up and closed", async () => {
  let cancelled = false;
  const silent = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("one\ntw")),
    cancel: () => {
      cancelled = true;
    },
  });
  const lines: (string | null)[] = [];
  await assert.rejects(async () => {
    for await (const line of readLines(silent, { longest: 9, patienceMs: 20 })) lines.push(line);
  }, /nothing came/);
  assert.deepEqual([lines, cancelled], [["one"], true]);
});

Deno.test("no stream has no lines", async () => {
  assert.deepEqual(await Array.fromAsync(readLines(null, limits)), []);
});
