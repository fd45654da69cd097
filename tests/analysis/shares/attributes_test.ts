import assert from "node:assert/strict";
import { attributeFindings } from "../../../src/analysis/shares/attributes.ts";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import type { AttributeFindings } from "../../../src/analysis/findings.ts";
import type { Labels } from "../../../src/analysis/shares/realised.ts";
import type { Reading } from "../../../src/analysis/reading/rows.ts";
import type { Config } from "../../../src/config/types.ts";
import { plan } from "../../../src/plan/plan.ts";
import type { Outcome } from "../../../src/run/types.ts";
import { uniform } from "../../../src/stats/random.ts";
import { configOf, item } from "../../plan/configs.ts";

const DRAWN = { seed: 1, sampling: "even" as const };

/** So many rows of a config's plan, of which each comes out by its number and what it asks for. */
function planned(
  config: Config,
  count: number,
  outcome: (row: number, attributes: Record<string, string>) => Outcome | "pending" = () => "ok",
): Reading {
  const ask = plan(config, DRAWN);
  const asked = Array.from({ length: count }, (_, row) => {
    const { attributes } = ask(row);
    return { text: "Hi", attributes, outcome: outcome(row, attributes) };
  });
  const rows = asked.flatMap(({ outcome, ...row }) =>
    outcome === "pending" ? [] : [{ ...row, outcome }]
  );
  const pending = asked.filter(({ outcome }) => outcome === "pending");
  return corpusOf(rows, { config, pending });
}

/** Labels of an attribute, made of what was asked and which of the rows that ask for it it is. */
function labelled(
  { corpus }: Reading,
  stem: string,
  found: (asked: string, nth: number) => string | null,
): Labels {
  const attribute = corpus.attributes.find((each) => each.stem === stem);
  assert.ok(attribute);
  const classes = [...attribute.values.filter((value) => value !== ""), "none", "other"];
  const seen = attribute.values.map(() => 0);
  const of = Int32Array.from(attribute.codes, (code) => {
    const nth = seen[code]!;
    seen[code] = nth + 1;
    const as = found(attribute.values[code] ?? "", nth);
    return as === null ? -1 : classes.indexOf(as);
  });
  return { attribute: stem, by: "eld", classes, of };
}

const tones = configOf({
  tone: [
    item("", { score: 50 }),
    item("Calm", { score: 25 }),
    item("Angry", { score: 15 }),
    item("Sad", { score: 10 }),
  ],
});

function toneOf(reading: Reading, labels: Labels[] = [], config: Config | null = tones) {
  const { tone } = attributeFindings(reading, { config, drawn: DRAWN, labels });
  assert.ok(tone);
  return tone;
}

Deno.test("attributeFindings() tells target, requested and accepted shares apart", () => {
  const reading = planned(
    tones,
    1600,
    (row, { tone }) =>
      row >= 1200
        ? "pending"
        : tone === "Angry" && row % 2 === 0
        ? "refused"
        : row % 7 === 0
        ? "failed"
        : "ok",
  );
  const tone = toneOf(reading);
  assert.deepEqual(tone.values.map(({ value, target }) => [value, target]), [
    ["", 0.5],
    ["Calm", 0.25],
    ["Angry", 0.15],
    ["Sad", 0.1],
  ]);
  // All planned rows, the pending ones too.
  for (const { requested, target } of tone.values) {
    assert.ok(target !== null && Math.abs(requested - target) < 0.005);
  }
  assert.ok(tone.values[2] && tone.values[2].accepted < 0.09);
  const sum = (of: (value: AttributeFindings["values"][number]) => number) =>
    tone.values.reduce((total, value) => total + of(value), 0);
  assert.ok(Math.abs(sum(({ requested }) => requested) - 1) < 1e-12);
  assert.ok(Math.abs(sum(({ accepted }) => accepted) - 1) < 1e-12);
  assert.ok((tone.distance.requested ?? 1) < 0.005 && (tone.distance.accepted ?? 0) > 0.06);
  assert.ok((tone.noise95.accepted ?? 1) < 0.03);
  assert.ok(tone.test && tone.test.p < 1e-6 && tone.test.df === 3);
  assert.deepEqual(
    [tone.other, tone.distance.realised, tone.noise95.realised, tone.measuredBy, tone.confusion],
    [null, null, null, null, null],
  );
  assert.equal(tone.measuredRows, 0);
  // The same losses whatever was asked: nothing is wrong.
  const fair = toneOf(planned(tones, 1600, (row) => uniform(4, row) < 0.1 ? "refused" : "ok"));
  assert.ok(fair.test && fair.test.p > 0.05, JSON.stringify(fair.test));
  assert.ok((fair.distance.accepted ?? 1) < (fair.noise95.accepted ?? 0));
});

Deno.test("attributeFindings() takes pending and failed rows for no losses", () => {
  // Three quarters are pending; of the rest all came, evenly spread.
  const tone = toneOf(planned(tones, 1600, (row) => row < 400 ? "ok" : "pending"));
  assert.ok((tone.noise95.accepted ?? 1) < 0.01, String(tone.noise95.accepted));
  const unlike = planned(
    tones,
    1600,
    (row, { tone }) =>
      tone !== "Calm" || row % 2 === 0 ? "ok" : row % 4 === 1 ? "failed" : "pending",
  );
  assert.equal(toneOf(unlike).test?.p, 1);
});

Deno.test("attributeFindings() has the marginal through when as its target", () => {
  const config = configOf({
    language: [item("English", { score: 3 }), item("Swedish")],
    topic: [item("Loan"), item("Swish", { when: { language: ["Swedish"] } })],
  });
  const { topic } = attributeFindings(planned(config, 2000), { config, drawn: DRAWN });
  assert.deepEqual(topic?.values.map(({ target }) => target), [0.875, 0.125]);
  assert.ok((topic?.distance.requested ?? 1) < 0.02);
  const [floor, p95] = [topic?.noiseFloor.requested ?? 0, topic?.noise95.requested ?? 0];
  assert.ok(floor > 0.002 && p95 > floor && p95 < 0.02, `${floor}, ${p95}`);
});

Deno.test("attributeFindings() tells realised shares among the values that can be measured", () => {
  const reading = planned(tones, 1600);
  const labels = labelled(
    reading,
    "tone",
    (asked, nth) =>
      asked === "" || asked === "Calm"
        ? nth % 10 === 0 ? "other" : "Calm"
        : asked === "Angry"
        ? nth % 2 === 0 ? "Calm" : "Angry"
        : nth % 5 === 0
        ? "none"
        : "Sad",
  );
  const tone = toneOf(reading, [labels]);
  const [nothing, calm, angry, sad] = tone.values;
  assert.equal(nothing?.realised, null);
  const near = (found: number | null | undefined, expected: number) =>
    assert.ok(
      typeof found === "number" && Math.abs(found - expected) < 0.02,
      `${found}, ${expected}`,
    );
  assert.deepEqual(
    [calm?.realised?.target, angry?.realised?.target, sad?.realised?.target],
    [0.5, 0.3, 0.2],
  );
  near(calm?.realised?.share, 0.5 * 0.9 + 0.3 * 0.5);
  near(angry?.realised?.share, 0.15);
  near(sad?.realised?.share, 0.2 * 0.8);
  near(tone.other, 0.5 * 0.1 + 0.2 * 0.2);
  // Against the target: Calm .1 above it, none and other .09; the rest below.
  near(tone.distance.realised, 0.19);
  const shares = tone.values.reduce((sum, { realised }) => sum + (realised?.share ?? 0), 0);
  assert.ok(Math.abs(shares + (tone.other ?? 0) - 1) < 1e-12);
  for (const { realised } of [calm, angry, sad].map((value) => value!)) {
    assert.ok(realised && realised.low < realised.share && realised.share < realised.high);
  }
  // Rows that asked for nothing aren't measured, but shown.
  assert.equal(tone.measuredRows, 1600 - reading.tallies[0]!.planned[0]!);
  assert.equal(tone.measuredBy, "eld");
  assert.equal(tone.confusion?.reduce((sum, { rows }) => sum + rows, 0), 1600);
  assert.deepEqual(
    tone.confusion?.slice(-2).map(({ requested, realised }) => [requested, realised]),
    [
      ["", "Calm"],
      ["", "other"],
    ],
  );
  assert.ok(tone.test && tone.test.p < 1e-9);
  // 20,000 draws of what these requests turn into: mean .0168, 95 % point .0313.
  assert.ok(Math.abs((tone.noiseFloor.realised ?? 1) - 0.0168) < 0.002);
  assert.ok(Math.abs((tone.noise95.realised ?? 1) - 0.0313) < 0.003);
});

Deno.test("attributeFindings() takes only labels as measured, and the test's ten rows from them", () => {
  const reading = planned(tones, 1600);
  const none = toneOf(reading, [labelled(reading, "tone", () => null)]);
  assert.deepEqual([none.measuredBy, none.measuredRows, none.other], [null, 0, null]);
  let sad = 0;
  const few = (most: number) => {
    sad = 0;
    return toneOf(reading, [
      labelled(
        reading,
        "tone",
        (asked) => asked === "" ? "none" : asked !== "Sad" ? asked : sad++ < most ? asked : null,
      ),
    ]);
  };
  assert.equal(few(9).test, null);
  assert.equal(few(10).test?.p, 1);
  // Not one of what was asked sad: the others' shares, and no claim about it.
  const without = few(0);
  assert.equal(without.values[3]?.realised?.share, 0);
  assert.ok(Math.abs((without.values[1]?.realised?.share ?? 0) - 0.625) < 0.01);
});

Deno.test("attributeFindings() compares with what was drawn for where there are factors", () => {
  const config = configOf({
    tone: [item("Calm", { score: 3 }), item("Angry", { score: 1, factor: 3 })],
  });
  // Half of what is asked in anger is refused or comes out calm: 1/3 is left of 1/2.
  const reading = planned(
    config,
    1600,
    (row, { tone }) => tone === "Angry" && row % 2 === 0 ? "refused" : "ok",
  );
  const labels = labelled(
    reading,
    "tone",
    (asked, nth) => asked === "Angry" && nth % 2 === 0 ? "Calm" : asked,
  );
  const unmeasured = toneOf(reading, [], config);
  assert.deepEqual(unmeasured.values.map(({ target }) => target), [0.75, 0.25]);
  assert.ok(Math.abs((unmeasured.distance.requested ?? 0) - 0.25) < 0.01);
  assert.ok((unmeasured.noise95.requested ?? 1) < 0.01);
  // Losses are what is wrong where nothing is measured.
  assert.ok(unmeasured.test && unmeasured.test.p < 1e-6);
  // With them a third of the ok rows is asked in anger, and half of these come out so: 1/6, not 1/4.
  const measured = toneOf(reading, [labels], config);
  assert.ok(measured.test && measured.test.p < 1e-3);
  // Where the leak alone makes up for the factor all is as wanted.
  const all = planned(config, 1600);
  const half = labelled(
    all,
    "tone",
    (asked, nth) => asked === "Angry" && nth % 2 === 0 ? "Calm" : asked,
  );
  const fine = toneOf(all, [half], config);
  assert.ok(fine.test && fine.test.p > 0.05, JSON.stringify(fine.test));
  assert.ok((fine.distance.realised ?? 1) < (fine.noise95.realised ?? 0));
});

Deno.test("attributeFindings() lists values and attributes that the config doesn't have", () => {
  const reading = corpusOf([
    ...new Array(30).fill({ text: "Hi", attributes: { tone: "Calm", channel: "app" } }),
    ...new Array(10).fill({ text: "Hi", attributes: { tone: "Bored", channel: "web" } }),
  ], { config: tones });
  const found = attributeFindings(reading, { config: tones, drawn: null });
  const { tone, channel } = found;
  const { acceptedInterval, ...bored } = tone?.values.at(-1) ?? {};
  assert.ok(acceptedInterval && acceptedInterval.low < 0.25 && acceptedInterval.high > 0.25);
  assert.deepEqual(bored, {
    value: "Bored",
    target: 0,
    requested: 0.25,
    accepted: 0.25,
    realised: null,
  });
  assert.equal(tone?.distance.requested, 0.75);
  assert.deepEqual(channel?.values.map(({ target, accepted }) => [target, accepted]), [
    [null, 0.75],
    [null, 0.25],
  ]);
  assert.deepEqual(channel?.distance, { requested: null, accepted: null, realised: null });
  assert.deepEqual(channel?.noise95, { requested: null, accepted: null, realised: null });
  assert.equal(channel?.test, null);
});

Deno.test("attributeFindings() measures without a config too, but against no target", () => {
  const rows = new Array(40).fill({ text: "Hi", attributes: { tone: "Calm" } });
  const reading = corpusOf(rows);
  const labels = labelled(reading, "tone", (_, nth) => nth < 30 ? "other" : "Calm");
  const { tone } = attributeFindings(reading, { config: null, drawn: null, labels: [labels] });
  assert.equal(tone?.values[0]?.realised?.share, 0.25);
  assert.equal(tone?.values[0]?.realised?.target, null);
  assert.deepEqual(tone?.distance, { requested: null, accepted: null, realised: null });
  assert.equal(tone?.other, 0.75);
  assert.deepEqual(tone?.confusion, [
    { requested: "Calm", realised: "other", rows: 30 },
    { requested: "Calm", realised: "Calm", rows: 10 },
  ]);
});

Deno.test("attributeFindings() takes rows from elsewhere as drawn independently", () => {
  const rows = Array.from({ length: 400 }, (_, row) => ({
    text: "Hi",
    attributes: { tone: ["", "Calm", "Angry", "Sad"][row % 4] ?? "" },
  }));
  const reading = corpusOf(rows, { config: tones });
  const { tone } = attributeFindings(reading, { config: tones, drawn: null });
  assert.equal(tone?.distance.requested, 0.25);
  assert.ok(Math.abs((tone?.noiseFloor.requested ?? 0) - 0.033) < 0.006);
  // Nothing was lost, and whose weights these are isn't known.
  assert.equal(tone?.test?.p, 1);
  const labels = [labelled(reading, "tone", (asked) => asked === "" ? "none" : asked)];
  const faithful = attributeFindings(reading, { config: tones, drawn: null, labels }).tone;
  assert.equal(faithful?.test?.p, 1);
});

Deno.test("attributeFindings() says null and 0 of no rows, never NaN", () => {
  for (
    const reading of [
      corpusOf([], { config: tones }),
      planned(tones, 5, () => "failed"),
      planned(tones, 5, () => "pending"),
    ]
  ) {
    const tone = toneOf(reading);
    assert.ok(tone.values.every(({ accepted }) => accepted === 0));
    assert.deepEqual([tone.distance.accepted, tone.noise95.accepted, tone.test], [
      null,
      null,
      null,
    ]);
    const numbers: unknown[] = [];
    JSON.stringify(tone, (_, value) => (numbers.push(value), value));
    assert.ok(!numbers.some((value) => typeof value === "number" && !Number.isFinite(value)));
  }
  const empty = toneOf(corpusOf([], { config: tones }));
  assert.deepEqual(empty.values.map(({ requested }) => requested), [0, 0, 0, 0]);
  assert.deepEqual(empty.distance, { requested: null, accepted: null, realised: null });
  assert.deepEqual(attributeFindings(corpusOf([]), { config: null, drawn: null }), {});
});

Deno.test("attributeFindings() waits for ten ok rows of each value that is wanted often", () => {
  const waits = (count: number) => toneOf(planned(tones, count)).test;
  // Sad is wanted in 1 of 10 rows.
  assert.equal(waits(60), null);
  assert.equal(waits(160)?.p, 1);
});

Deno.test("attributeFindings() is the same twice, and its noise another by another seed", () => {
  const reading = planned(tones, 500);
  const labels = [
    labelled(
      reading,
      "tone",
      (asked, nth) => asked === "" ? "none" : nth % 9 === 0 ? "other" : asked,
    ),
  ];
  const found = (seed: number) =>
    attributeFindings(reading, { config: tones, drawn: DRAWN, labels, seed });
  assert.deepEqual(found(1), found(1));
  assert.notDeepEqual(found(1).tone?.noise95, found(2).tone?.noise95);
  const shares = (seed: number) =>
    found(seed).tone?.values.map(({ acceptedInterval: _, ...value }) => value);
  assert.deepEqual(shares(1), shares(2));
});
