import assert from "node:assert/strict";
import type { AttributeFindings, Findings } from "../../../src/analysis/findings.ts";
import { headlines } from "../../../src/analysis/headlines/headlines.ts";
import { config } from "../../run/fixtures.ts";
import { soundFindings } from "../findings_fixture.ts";

const JUDGE = "judge:openai:m";

function toneOf(fields: Partial<AttributeFindings>): Partial<Findings> {
  const none = { requested: null, accepted: null, realised: null };
  const tone: AttributeFindings = {
    values: [],
    other: null,
    distance: none,
    noiseFloor: none,
    noise95: none,
    test: null,
    measuredBy: JUDGE,
    measuredRows: 200,
    corrected: 120,
    worth: null,
    confusion: null,
    ...fields,
  };
  return { attributes: { tone } };
}

function said(fields: Partial<Findings>): string[] {
  return headlines({ findings: soundFindings(400, fields), config: config() })
    .map(({ says, next }) => `${says} → ${next}`);
}

/** So much of what was asked to be Sad is Worried; by pair with this lower end. */
function leak(share: number, low?: number): AttributeFindings["confusion"] {
  const ends = low === undefined ? {} : { low, high: 2 * share - low };
  return [
    { requested: "Sad", realised: "Sad", rows: 100 * (1 - share) },
    { requested: "Sad", realised: "Worried", rows: 100 * share, ...ends },
    { requested: "Worried", realised: "Worried", rows: 100 },
  ];
}

Deno.test("what requests turn into is said with who judged and who corrected it", () => {
  assert.deepEqual(said(toneOf({ confusion: leak(0.38, 0.31) })), [
    'tone: 38 % of the texts asked to be "Sad" are "Worried" (31–45 %), by judge:openai:m, ' +
    'corrected by 120 hand labels → word it otherwise: "prompt" in injections/tone.json',
  ]);
  // By pair it may be next to nothing, however many rows there are.
  assert.deepEqual(said(toneOf({ confusion: leak(0.38, 0.01) })), []);
});

Deno.test("the errors of a judge that nobody looked at are no headline", () => {
  const alone = { corrected: 0, worth: 100 };
  assert.deepEqual(said(toneOf({ ...alone, confusion: leak(0.3) })), []);
  const [line = ""] = said(toneOf({ ...alone, confusion: leak(0.6) }));
  assert.match(
    line,
    /are "Worried" \(50–69 %\), by judge:openai:m alone, not corrected by hand labels: 100 labels would tell \(deno task label RUN\) → /,
  );
});

Deno.test("shares that are off are said with what moves them, and what helps against that", () => {
  const values = [0.12, 0.88].map((share, i) => ({
    value: ["Sad", "Calm"][i]!,
    target: 0.5,
    requested: 0.5,
    accepted: 0.5,
    realised: { share, low: share - 0.04, high: share + 0.04, target: 0.5 },
  }));
  const at = (realised: number) => ({ requested: null, accepted: null, realised });
  const off = { values, distance: at(0.38), noiseFloor: at(0.02), noise95: at(0.05) };
  const lines = (parts: AttributeFindings["parts"]) =>
    said(toneOf({ ...off, parts: parts! }))[0] ?? "";
  assert.match(
    lines({ draw: 0.01, loss: 0.05, drift: 0.33 }),
    /^tone: 12 % of the texts are "Sad", 50 % are wanted \(8–16 %\), by judge:openai:m, corrected by 120 hand labels; mostly drift of the model → word it/,
  );
  assert.match(
    lines({ draw: 0.001, loss: 0.35, drift: 0.02 }),
    /; mostly losses → read what is lost/,
  );
  assert.match(lines({ draw: 0.3, loss: 0, drift: 0.1 }), /; mostly the draw → make more rows/);
});

Deno.test("the instruction that is followed least is named, by whom and with its interval", () => {
  const value = (name: string, share: number) => ({
    value: name,
    target: 0.5,
    requested: 0.5,
    accepted: 0.5,
    realised: null,
    followed: {
      share,
      low: share - 0.1,
      high: share + 0.1,
      unasked: { share: 0.04, low: 0.01, high: 0.1 },
    },
  });
  const values = [value("Be short", 0.9), value("Ask twice", 0.41)];
  assert.deepEqual(said(toneOf({ values })), [
    'tone: 41 % of the texts asked for "Ask twice" do it (31–51 %), 4 % of the others do it ' +
    "unasked (1–10 %), by judge:openai:m, corrected by 120 hand labels → word it otherwise: " +
    '"prompt" in injections/tone.json',
  ]);
  // A judge alone may be wrong as often.
  const alone = { corrected: 0, worth: 100, values: [value("Ask twice", 0.7)] };
  assert.deepEqual(said(toneOf(alone)), []);
});
