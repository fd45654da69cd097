import assert from "node:assert/strict";
import { openSilence } from "../../../src/models/pacing/silence.ts";
import type { Fault } from "../../../src/models/types.ts";

function busy(reason = "503 server busy"): Fault {
  return { kind: "busy", reason, status: 503, retryAfterMs: null };
}

function listen(patienceMs = 300_000) {
  const said: string[] = [];
  const note = (message: string) => said.push(message);
  const silence = openSilence({ address: "http://test", patienceMs, note });
  return { said, silence, over: () => silence.over };
}

Deno.test("patience ends where nothing was answered from the first call on", () => {
  const { silence, over } = listen();
  silence.faulted(busy(), { calledAt: 1000, at: 2000, mayEnd: true });
  silence.faulted(busy(), { calledAt: 299_000, at: 300_999, mayEnd: true });
  assert.equal(over(), null);
  silence.faulted(busy(), { calledAt: 299_000, at: 301_000, mayEnd: true });
  assert.equal(over()?.exitCode, 3);
  assert.match(
    `${over()?.message}`,
    /http:\/\/test has answered nothing for 5 minutes.*503 server busy\n.*--patience.*5 minutes.*\n.*pending/,
  );
});

Deno.test("an answer makes all well, and silence is counted from it", () => {
  const { silence, over } = listen();
  silence.faulted(busy(), { calledAt: 0, at: 300_000, mayEnd: true });
  assert.ok(over() !== null);
  silence.answered(310_000);
  assert.equal(over(), null);
  silence.faulted(busy(), { calledAt: 5, at: 609_999, mayEnd: true });
  assert.equal(over(), null);
  silence.faulted(busy(), { calledAt: 5, at: 610_000, mayEnd: true });
  assert.ok(over() !== null);
});

Deno.test("time in which nothing was asked is no silence", () => {
  const { silence, over } = listen();
  silence.answered(0);
  silence.faulted(busy(), { calledAt: 900_000, at: 900_010, mayEnd: true });
  assert.equal(over(), null);
});

Deno.test("a row that may be at fault itself doesn't end it", () => {
  const { silence, over } = listen();
  silence.faulted(busy(), { calledAt: 0, at: 400_000, mayEnd: false });
  assert.equal(over(), null);
  assert.equal(silence.waits(400_000, 420_000, true), null);
  assert.ok(silence.waits(400_000, 400_000 + 300_001, true) !== null);
});

Deno.test("a wait beyond patience ends it where no call is out", () => {
  const { silence } = listen();
  assert.equal(silence.waits(0, 300_000, true), null);
  assert.equal(silence.waits(0, 300_001, false), null);
  assert.match(`${silence.waits(0, 300_001, true)}`, /takes no call for another 5 minutes/);
  silence.faulted(busy("429 slow down"), { calledAt: 0, at: 200_000, mayEnd: true });
  assert.equal(silence.waits(200_000, 300_000, true), null);
  assert.match(
    `${silence.waits(200_000, 300_001, true)}`,
    /answered nothing for 3 minutes and takes no call for another 101 s. The last time: 429 slow down/,
  );
  assert.match(`${silence.waits(0, 3e12, true)}`, /for another more than a year/);
});

Deno.test("patience without end waits for ever", () => {
  const { silence, over } = listen(Infinity);
  silence.faulted(busy(), { calledAt: 0, at: 1e12, mayEnd: true });
  assert.equal(over(), null);
  assert.equal(silence.waits(1e12, 2e12, true), null);
});

Deno.test("a long wait is told once in the endpoint's words, and again where they change", () => {
  const { silence, said } = listen();
  silence.faulted(busy("429 try again in 60 s"), { calledAt: 0, at: 10, mayEnd: true });
  silence.waits(10, 5_010, false);
  assert.deepEqual(said, []);
  silence.waits(10, 5_011, false);
  assert.deepEqual(said, ["http://test takes no call for another 6 s: 429 try again in 60 s"]);
  silence.faulted(busy("429 try again in 59 s"), { calledAt: 0, at: 1000, mayEnd: true });
  silence.waits(1000, 60_000, false);
  assert.equal(said.length, 1);
  silence.faulted(busy("429 tokens per day"), { calledAt: 0, at: 1000, mayEnd: true });
  silence.waits(1000, 60_000, false);
  assert.match(said[1] ?? "", /429 tokens per day/);
});

Deno.test("half a minute without an answer is told, however short the waits are", () => {
  const { silence, said } = listen();
  silence.faulted(busy(), { calledAt: 0, at: 29_999, mayEnd: true });
  assert.deepEqual(said, []);
  silence.faulted(busy(), { calledAt: 29_000, at: 30_000, mayEnd: true });
  silence.faulted(busy(), { calledAt: 29_000, at: 31_000, mayEnd: true });
  assert.deepEqual(said, ["http://test has answered nothing for 30 s: 503 server busy"]);
});

Deno.test("the same words are told again where much time has passed", () => {
  const { silence, said } = listen();
  const told = (at: number) => {
    silence.faulted(busy(), { calledAt: at, at, mayEnd: true });
    silence.waits(at, at + 6000, false);
    silence.answered(at + 6000);
    return said.length;
  };
  assert.deepEqual([told(0), told(599_999), told(600_000)], [1, 1, 2]);
});
