import assert from "node:assert/strict";
import { checkAlike } from "../../../src/analysis/reading/alike.ts";
import type { Source } from "../../../src/analysis/reading/rows.ts";
import type { Config } from "../../../src/config/types.ts";
import { UserError } from "../../../src/error.ts";
import { config } from "../../run/fixtures.ts";

function source(name: string, of: Config | null): Source {
  const none = { refused: 0, filtered: 0, truncated: 0, empty: 0, failed: 0, pending: 0 };
  return {
    name,
    counts: { planned: 0, ok: 0, ...none },
    async *rows() {},
    *pending() {},
    config: of,
    drawn: null,
    files: [],
  };
}

function rejects(sources: Source[], message: RegExp): void {
  assert.throws(() => checkAlike(sources), (error) => {
    assert(error instanceof UserError);
    assert.equal(error.exitCode, 2);
    assert.match(error.message, message);
    return true;
  });
}

const item = { score: 1, factor: 1, prompt: null, when: null };

Deno.test("sources asked for alike pass, whatever model, seed or wording", () => {
  const other = config({
    folder: "elsewhere",
    context: "Another one",
    prompt: "{{context}}",
    attributes: {
      topic: [
        { ...item, value: "Tickets", score: 3, prompt: "a ticket" },
        { ...item, value: "Delays", score: 3 },
      ],
      tone: [{ ...item, value: "" }, { ...item, value: "Angry" }],
    },
  });
  checkAlike([source("a", config()), source("b", other), source("c", config())]);
  checkAlike([source("a", null), source("b", null)]);
});

Deno.test("sources that differ in what was asked are refused, and what differs is named", () => {
  const changed = (values: Partial<typeof item & { value: string }>) =>
    config({
      attributes: {
        ...config().attributes,
        tone: [{ ...item, value: "" }, { ...item, value: "Angry", ...values }],
      },
    });
  const length = { mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null };
  const cases: [Config | null, RegExp][] = [
    [
      changed({ value: "Calm" }),
      /^b was asked for otherwise than a:\n {2}injections\/tone\.json: other values/,
    ],
    [changed({ score: 2 }), /tone\.json: other frequency scores/],
    [changed({ factor: 2 }), /tone\.json: other draw factors/],
    [config({ attributes: { tone: config().attributes.tone! } }), /topic\.json is in one alone/],
    [config({ length: null }), /response_length_distribution\.json has changed/],
    [config({ length: { ...length, max: 60 } }), /response_length_distribution\.json has changed/],
    [null, /one has targets, one has none/],
  ];
  for (const [other, message] of cases) {
    rejects([source("a", config()), source("b", other)], message);
  }
  rejects([source("a", null), source("a", null)], /a is named twice/);
  rejects([], /Nothing to analyse/);
});
