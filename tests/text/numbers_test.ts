import assert from "node:assert/strict";
import { count, counted, duration, money, rate, share } from "../../src/text/numbers.ts";
import { pathsFrom } from "../../src/commands/say.ts";

Deno.test("numbers are written as people read them", () => {
  assert.deepEqual([count(12_345), counted(1, "row"), counted(0, "row")], [
    "12,345",
    "1 row",
    "0 rows",
  ]);
  assert.deepEqual([0, 999, 1000, 123_456, 1_234_567, -4_321].map(count), [
    "0",
    "999",
    "1,000",
    "123,456",
    "1,234,567",
    "-4,321",
  ]);
  assert.deepEqual([0, 0.000123, 0.31, 12].map(money), ["$0", "$0.00012", "$0.31", "$12.00"]);
  assert.deepEqual([1.24, 31.4, 4_467].map(rate), ["1.2 rows/s", "31 rows/s", "4,467 rows/s"]);
  assert.deepEqual([17_000, 3_725_000, -5].map(duration), ["0:17", "62:05", "0:00"]);
  assert.deepEqual([0.37, 0.004, 1, 0].map(share), [".37", ".004", "1.00", "0"]);
});

Deno.test("paths below a folder are shown from there, others whole", () => {
  assert.equal(pathsFrom("/home/me", "→ /home/me/output/metro"), "→ output/metro");
  assert.equal(pathsFrom("/home/me", '/home/me/a and "/home/me/b".'), 'a and "b".');
  assert.equal(pathsFrom("/home/me", "/srv/home/me/a"), "/srv/home/me/a");
  assert.equal(pathsFrom("/home/me", "/home/mean/a, /home/me"), "/home/mean/a, /home/me");
  assert.equal(pathsFrom("/", "→ /output/metro"), "→ output/metro");
});
