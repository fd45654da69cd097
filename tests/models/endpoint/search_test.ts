import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import OpenAI from "openai";
import { findRefused, openSearch } from "../../../src/models/endpoint/search.ts";

const NAMES = ["seed", "stop", "temperature", "frequency_penalty", "top_p", "max_tokens"];

Deno.test("any set of refused parameters is found, and no other, in bounded calls", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.subarray(NAMES, { minLength: 1 }),
      fc.subarray(NAMES, { minLength: 1 }),
      async (names, culprits) => {
        const wrong = names.filter((name) => culprits.includes(name));
        if (wrong.length === 0) return;
        let calls = 0;
        const found = await findRefused(names, (without) => {
          calls++;
          return Promise.resolve(wrong.every((name) => without.includes(name)));
        });
        assert(found !== "unclear");
        assert.deepEqual(found.toSorted(), wrong.toSorted());
        assert(calls <= 2 * names.length - 1, `${calls} calls for ${names.length}`);
      },
    ),
  );
});

Deno.test("where nothing helps, one call is made; where it can't be told, that is said", async () => {
  let calls = 0;
  const never = () => Promise.resolve((calls++, false));
  assert.deepEqual(await findRefused(NAMES, never), []);
  assert.equal(calls, 1);
  assert.equal(await findRefused(NAMES, () => Promise.resolve(null)), "unclear");
  const answers = [true, null];
  assert.equal(await findRefused(NAMES, () => Promise.resolve(answers.shift() ?? null)), "unclear");
});

Deno.test("those that are refused most often are tried first", async () => {
  const tried: string[][] = [];
  await findRefused(["max_tokens", "seed", "frequency_penalty"], (without) => {
    tried.push([...without]);
    return Promise.resolve(without.includes("frequency_penalty"));
  });
  assert.deepEqual(tried, [["frequency_penalty", "seed", "max_tokens"], ["frequency_penalty"]]);
});

function open() {
  const notes = { dropped: [] as string[], replaced: {} };
  const said: string[] = [];
  const isOptional = (name: string) => name !== "system";
  return {
    notes,
    said,
    search: openSearch({ notes, onNote: (text) => said.push(text), isOptional }),
  };
}

const refused = new OpenAI.APIError(400, { message: "Bad request" }, undefined, new Headers());

Deno.test("a run searches in vain twice at most", async () => {
  const { search } = open();
  let calls = 0;
  const never = () => Promise.resolve((calls++, false));
  for (let row = 0; row < 9; row++) assert.equal(await search.learn(refused, NAMES, never), false);
  assert.equal(calls, 2);
});

Deno.test("parameters with which a request was answered aren't doubted", async () => {
  const { search } = open();
  search.answered(["seed", "system"]);
  const fail = () => Promise.reject(new Error("a call"));
  assert.equal(await search.learn(refused, ["seed", "system"], fail), false);
});

Deno.test("requests that are out share one search, and what it found", async () => {
  const { notes, said, search } = open();
  let calls = 0;
  const accepts = async (without: readonly string[]) => {
    calls++;
    await Promise.resolve();
    return without.includes("seed");
  };
  const sent = ["temperature", "seed", "system"];
  const found = await Promise.all(
    Array.from({ length: 20 }, () => search.learn(refused, sent, accepts)),
  );
  assert.deepEqual(found, Array(20).fill(true));
  assert.deepEqual([notes.dropped, calls], [["seed"], 2]);
  assert.deepEqual(said, ["doesn't take seed: it is left out."]);
  // One that was sent before and comes back later.
  assert.equal(await search.learn(refused, sent, accepts), true);
  assert.equal(calls, 2);
});

Deno.test("a search that is left is done by the next request that is out", async () => {
  const { search } = open();
  const left = search.learn(refused, NAMES, () => Promise.reject(new Error("left")));
  const next = search.learn(refused, NAMES, (without) => Promise.resolve(without.includes("stop")));
  await assert.rejects(left, /left/);
  assert.equal(await next, true);
});

Deno.test("a search that a limit breaks off tires nobody, and goes on where it was", async () => {
  const { search, notes } = open();
  let calls = 0;
  // Two calls in a row are taken, then one is refused.
  const accepts = (without: readonly string[]) =>
    Promise.resolve(++calls % 3 === 0 ? null : without.includes("stop"));
  let found: boolean | "unclear" = "unclear";
  let times = 0;
  while (found === "unclear" && times++ < 20) found = await search.learn(refused, NAMES, accepts);
  assert.equal(found, true);
  assert(times > 2, `${times}`);
  assert.deepEqual(notes.dropped, ["stop"]);
});

Deno.test("what is about the text, the messages or the model isn't searched", async () => {
  const { search } = open();
  const fail = () => Promise.reject(new Error("a call"));
  const errors = [
    { message: "Your prompt is too long" },
    { message: "Bad", param: "messages[0].content" },
    { message: "Bad", param: "model" },
    { detail: [{ loc: ["body", "messages", 0], msg: "Bad" }] },
  ];
  for (const body of errors) {
    const error = new OpenAI.APIError(400, body, undefined, new Headers());
    assert.equal(await search.learn(error, NAMES, fail), false, JSON.stringify(body));
  }
  const other = new OpenAI.APIError(413, { message: "Bad" }, undefined, new Headers());
  assert.equal(await search.learn(other, NAMES, fail), false);
  assert.equal(await search.learn(refused, ["system"], fail), false);
});
