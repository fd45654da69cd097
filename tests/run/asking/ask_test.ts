import assert from "node:assert/strict";
import { UserError } from "../../../src/error.ts";
import type { Model } from "../../../src/models/model.ts";
import type { Answer, Asked, ParameterNotes } from "../../../src/models/types.ts";
import { type AskingOptions, askItems } from "../../../src/run/asking/ask.ts";
import { openAccount } from "../../../src/run/cost/account.ts";
import type { AskingProgress } from "../../../src/run/progress.ts";
import { fakeModel, reply } from "../fixtures.ts";

/** What was kept of a word that was asked for. */
interface Label {
  word: string;
  text: string | null;
}

const free = openAccount(
  {
    cost: () => null,
    usage: () => null,
    counted: () => 0,
    uncounted: () => ({ live: 0, batch: 0 }),
  },
  { price: null, limit: null },
);

/** Asks for words, which are no rows; says in which order things came about. */
async function label(
  words: string[],
  model: Model,
  options: Partial<AskingOptions<string, Label>> = {},
) {
  const events: string[] = [];
  const told: { kept: Label; progress: AskingProgress }[] = [];
  const asking = askItems(() => words, {
    model,
    request: (word) => ({
      messages: [{ role: "user", content: word }],
      seed: 0,
      maxTokens: null,
    }),
    log: {
      append({ item, reply }: Asked<string>) {
        events.push(`kept ${item}`);
        return { word: item, text: reply?.text ?? null };
      },
      flush: () => Promise.resolve(),
    },
    learning: { notes: { dropped: [], replaced: {} }, keep: () => Promise.resolve() },
    account: free,
    left: () => words.length - told.length,
    answeredBefore: 0,
    note: (message) => void events.push(message),
    onProgress: () => {},
    now: Date.now,
    ...options,
  });
  let failure: unknown = null;
  try {
    for await (const each of asking) {
      events.push(`told ${each.kept.word}`);
      told.push(each);
    }
  } catch (error) {
    failure = error;
  }
  return { events, told, failure };
}

/** Answers a word by itself in capitals; `answer` says else. */
function shouting(
  answer: (word: string) => Answer | undefined = () => undefined,
  fields: Partial<Model> = {},
): Model {
  return fakeModel(({ messages: [message] }) => {
    const word = message?.content ?? "";
    const answered = answer(word);
    return Promise.resolve(answered ?? { reply: reply({ text: word.toUpperCase() }), calls: 1 });
  }, { concurrency: 1, ...fields });
}

Deno.test("items are asked that are no rows, and each answer is kept before it is told", async () => {
  const { events, told, failure } = await label(["a", "b"], shouting());
  assert.equal(failure, null);
  assert.deepEqual(told.map(({ kept }) => kept), [{ word: "a", text: "A" }, {
    word: "b",
    text: "B",
  }]);
  assert.deepEqual(told.map(({ progress: { asked } }) => asked), [1, 2]);
  for (const word of ["a", "b"]) {
    assert(events.indexOf(`kept ${word}`) < events.indexOf(`told ${word}`), events.join());
  }
});

Deno.test("what can't be kept isn't told, and ends the asking with the model closed", async () => {
  let closed = false;
  const model = shouting();
  const { told, failure } = await label(["a", "b"], {
    ...model,
    open: async (notes) => ({
      ...await model.open(notes),
      close: () => Promise.resolve(void (closed = true)),
    }),
  }, {
    log: {
      append: () => {
        throw new UserError("the disk is full", { exitCode: 3 });
      },
      flush: () => Promise.resolve(),
    },
  });
  assert.deepEqual([told, closed], [[], true]);
  assert.match(String(failure), /the disk is full/);
});

Deno.test("what the model teaches is said, and kept once, before the answer is told", async () => {
  const kept: ParameterNotes[] = [];
  const model = fakeModel(() => Promise.resolve({ reply: reply(), calls: 1 }), {
    concurrency: 1,
    open(notes, onNote = () => {}) {
      return Promise.resolve({
        call() {
          if (!notes.dropped.includes("seed")) {
            notes.dropped.push("seed");
            onNote("doesn't take seed: it is left out.");
          }
          return Promise.resolve({ reply: reply(), calls: 2 });
        },
        address: "http://127.0.0.1:1/v1",
        close: () => Promise.resolve(),
      });
    },
  });
  const known: ParameterNotes = { dropped: ["top_p"], replaced: {} };
  const { events } = await label(["a", "b"], model, {
    learning: { notes: known, keep: (notes) => Promise.resolve(void kept.push({ ...notes })) },
  });
  assert.equal(events[0], "openai:m doesn't take seed: it is left out.");
  assert.deepEqual(kept, [{ dropped: ["top_p", "seed"], replaced: {} }]);
  assert.deepEqual(known.dropped, ["top_p"], "what earlier starts learned is left as it is");
});

Deno.test("money ends the asking: what is spent is added up from the answers", async () => {
  const price = { input: 1, output: 0, cachedInput: null, batch: null, origin: "this test" };
  const model = shouting(() => ({
    reply: reply({ usage: { input: 100, output: 0 } }),
    calls: 1,
  }));
  const account = openAccount({
    cost: () => null,
    usage: () => null,
    counted: () => 0,
    uncounted: () => ({ live: 0, batch: 0 }),
  }, {
    price,
    limit: {
      price,
      maxCost: 1000e-6,
      elsewhere: null,
      firstRequests: () => [{ messages: [], seed: 0, maxTokens: 0 }],
    },
  });
  const words = Array.from({ length: 30 }, (_, index) => `w${index}`);
  const { told, failure } = await label(words, model, { account });
  assert(failure instanceof UserError && failure.exitCode === 3);
  assert.match(failure.message, /^--max-cost 0\.001: /);
  assert(told.length >= 8 && told.length <= 10, `${told.length} of 10`);
});

Deno.test("a stop before the model is open asks nothing, and closes what opens late", async () => {
  const stop = new AbortController();
  const opening = Promise.withResolvers<void>();
  const closing = Promise.withResolvers<void>();
  const model = shouting();
  const asking = label(["a"], {
    ...model,
    async open(notes) {
      await opening.promise;
      return { ...await model.open(notes), close: () => Promise.resolve(closing.resolve()) };
    },
  }, { signal: stop.signal });
  stop.abort();
  const { told, failure } = await asking;
  assert.deepEqual([told, failure], [[], null]);
  opening.resolve();
  await closing.promise;
});

Deno.test("a model without batches is closed and refused where batches are asked for", async () => {
  let closed = false;
  const model = shouting();
  const { failure } = await label(["a"], {
    ...model,
    open: async (notes) => ({
      ...await model.open(notes),
      close: () => Promise.resolve(void (closed = true)),
    }),
  }, {
    batch: {
      run: "mine",
      folder: "no/such/folder",
      rows: { size: 1, rowAt: (place) => place, placeOf: (row) => row },
      numberOf: () => 0,
      itemOf: () => "a",
      keptFrom: () => Promise.resolve(new Map()),
      done: () => 0,
      inTurn: (planning) => planning(),
      cancel: false,
    },
  });
  assert.match(String(failure), /has no batches/);
  assert(closed);
});
