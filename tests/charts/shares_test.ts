import assert from "node:assert/strict";
import type { AttributeFindings } from "../../src/analysis/findings.ts";
import { sharesChart } from "../../src/charts/attribute_shares.ts";
import { confusionChart } from "../../src/charts/confusion.ts";
import { distanceChart } from "../../src/charts/distances.ts";
import { lostChart } from "../../src/charts/lost.ts";
import { drawn } from "./drawn.ts";
import { FINDINGS, measured, unmeasured } from "./findings.ts";

const tone = (attribute = measured()) => ({ attributes: { tone: attribute } });

Deno.test("sharesChart() says the value that is furthest off, with what was wanted and its interval", () => {
  const chart = drawn(sharesChart(FINDINGS, { attribute: "tone" }));
  assert.equal(chart.title, "tone: wanted 15\u00a0% “Angry”, got 7\u00a0% (5.0–9.0\u00a0%)");
  assert.match(chart.subtitle, /What 600\u00a0texts really are, told by judge:gpt-4.1-mini/);
  assert.match(chart.subtitle, /Left out: 20\u00a0% of ok rows, which were asked for nothing here/);
  // Sorted by how far what is wanted lies outside of the interval; what is none of them last.
  const labels = chart.texts.slice(0, 4);
  assert.deepEqual(labels, ["Angry", "Neutral", "Friendly", "(none of these)"]);
  assert.equal(chart.count("tick", "line"), 4);
  assert.equal(chart.count("rule", "line"), 4);
  const colours = chart.attributes("dot", "circle", "fill");
  assert.deepEqual(colours.slice(-4), ["#d95f02", "#d95f02", "#1f6fb2", "#1f6fb2"]);
});

Deno.test("sharesChart() compares measured values with each other: those asked for nothing are out", () => {
  const chart = drawn(sharesChart(tone()));
  assert.ok(!chart.texts.includes("(nothing asked)"));
  // 48 % of all are 60 % of those that were asked for a tone; the tick stands at 60, as the ring.
  assert.ok(chart.texts.includes("wanted 60\u00a0%, got 66\u00a0% (62–70\u00a0%)"));
  const rings = chart.attributes("dot", "circle", "cx");
  const ticks = chart.attributes("tick", "line", "x1");
  assert.equal(Number(rings[1]), Number(ticks[1]));
});

Deno.test("sharesChart() says that what came is as wanted only where no interval says otherwise", () => {
  const found = measured();
  const values = found.values.map((value) => ({
    ...value,
    realised: value.realised === null ? null : {
      ...value.realised,
      share: value.realised.target ?? 0,
      low: (value.realised.target ?? 0) - 0.02,
      high: (value.realised.target ?? 0) + 0.02,
    },
  }));
  const distance = { ...found.distance, realised: 0.02 };
  assert.equal(
    drawn(sharesChart(tone({ ...found, values, distance }))).title,
    "tone comes out as wanted: 2\u00a0% of rows would have to change, within noise (up to 5\u00a0%)",
  );
});

Deno.test("sharesChart() names no value where the distance is noise, though one is off by itself", () => {
  const found = measured();
  const distance = { ...found.distance, realised: 0.04 };
  assert.match(
    drawn(sharesChart(tone({ ...found, distance }))).title,
    /^tone comes out as wanted: 4\u00a0% of rows .* within noise/,
  );
});

Deno.test("sharesChart() says that what the texts are has not been measured, and what is shown", () => {
  const chart = drawn(sharesChart(FINDINGS, { attribute: "topic" }));
  assert.match(
    chart.title,
    /^topic was asked for as wanted in ok rows: 0.3\u00a0% of ok rows would/,
  );
  assert.match(
    chart.subtitle,
    /^What the text's topic is has not been measured: shown is what was asked for in ok rows\./,
  );
  assert.deepEqual(chart.texts.slice(0, 3), ["Car loan", "Lost card", "Apple Pay"]);
  assert.equal(chart.count("rule", "line"), 0, "no interval where nothing was measured");
});

Deno.test("sharesChart() names the value whose ok rows are furthest from the target", () => {
  const found = unmeasured({ Calm: 0.5, Angry: 0.3, Sad: 0.2 });
  const values = found.values.map((value) => ({
    ...value,
    accepted: { Calm: 0.57, Angry: 0.22, Sad: 0.21 }[value.value] ?? 0,
  }));
  const distance = { ...found.distance, accepted: 0.08 };
  const chart = drawn(sharesChart(tone({ ...found, values, distance })));
  assert.equal(chart.title, "tone: wanted 30\u00a0% “Angry”, asked for in 22\u00a0% of ok rows");
  assert.deepEqual(chart.texts.slice(0, 3), ["Angry", "Calm", "Sad"]);
});

Deno.test("sharesChart() draws shares without targets, too", () => {
  const found = unmeasured({ Calm: 0.6, Angry: 0.4 });
  const none = { requested: null, accepted: null, realised: null };
  const chart = drawn(sharesChart(tone({
    ...found,
    values: found.values.map((value) => ({ ...value, target: null })),
    distance: none,
    noise95: none,
  })));
  assert.equal(
    chart.title,
    "tone: no shares were wanted; 60\u00a0% of ok rows were asked with “Calm”",
  );
  assert.equal(chart.count("tick", "line"), 0);
});

Deno.test("sharesChart() asks which attribute where there are several", () => {
  assert.throws(() => sharesChart(FINDINGS), /There are: topic, tone\./);
  assert.throws(() => sharesChart(FINDINGS, { attribute: "tones" }), /"tones"/);
});

Deno.test("distanceChart() names the attribute furthest from its target, against its noise", () => {
  const chart = drawn(distanceChart(FINDINGS));
  assert.equal(
    chart.title,
    "Furthest from its target: tone, 8\u00a0% of rows would have to change (noise: up to 5\u00a0%)",
  );
  assert.match(chart.subtitle, /What came has not been measured for topic\.$/);
  assert.equal(chart.count("dot", "circle"), 5);
  assert.equal(chart.count("bar", "rect"), 5);
});

Deno.test("distanceChart() says where all is noise, and that it was measured in part", () => {
  const { topic } = FINDINGS.attributes;
  assert.ok(topic !== undefined);
  assert.equal(
    drawn(distanceChart({ attributes: { topic } })).title,
    "No attribute is surely further from its target than noise, as far as it was measured",
  );
});

/** An attribute a bit beyond the 95 % point of its noise, as one of several is by chance. */
function beyondItsPoint() {
  const found = unmeasured({ "Car loan": 0.5, "Lost card": 0.5 });
  const at = (accepted: number) => ({ requested: 0, accepted, realised: null });
  const distance = at(0.048);
  return { ...found, distance, noiseFloor: at(0.036), noise95: at(0.044) };
}

Deno.test("distanceChart() calls nothing off that chance brings about in one of several attributes", () => {
  const topic = beyondItsPoint();
  const chart = drawn(distanceChart({ attributes: { topic } }));
  assert.match(chart.title, /^No attribute is surely further from its target than noise/);
  assert.ok(!chart.attributes("dot", "circle", "fill").includes("#d95f02"));
  const far = { ...topic.distance, accepted: 0.06 };
  const off = drawn(distanceChart({ attributes: { topic: { ...topic, distance: far } } }));
  assert.match(off.title, /^Furthest from its target: topic, 6\u00a0% of ok rows/);
  assert.ok(off.attributes("dot", "circle", "fill").includes("#d95f02"));
});

Deno.test("sharesChart() names no value that chance brings about in one of several attributes", () => {
  assert.equal(
    drawn(sharesChart({ attributes: { topic: beyondItsPoint() } })).title,
    "topic: 4.8\u00a0% of ok rows would have to change, not surely more than noise (up to " +
      "4.4\u00a0%)",
  );
  const found = measured();
  const distance = { ...found.distance, realised: 0.06 };
  const chart = drawn(sharesChart(tone({ ...found, distance })));
  assert.equal(
    chart.title,
    "tone: 6\u00a0% of rows would have to change, not surely more than noise (up to 5\u00a0%)",
  );
  assert.ok(!chart.attributes("dot", "circle", "fill").includes("#d95f02"));
});

/** An attribute that is as wanted as far as chance lets tell. */
function noisy(noise: number) {
  const at = (accepted: number) => ({ requested: 0, accepted, realised: null });
  const found = unmeasured({ Calm: 0.6, Angry: 0.4 });
  return { ...found, distance: at(0.25), noiseFloor: at(noise / 2), noise95: at(noise) };
}

Deno.test("sharesChart() calls nothing as wanted where chance alone makes large differences", () => {
  const found = { attributes: { tone: noisy(0.29) } };
  const title = (rows: string) =>
    `Whether tone was asked for as wanted in ok rows can't be told from ${rows}: up to 29\u00a0% ` +
    "off is noise";
  assert.equal(drawn(sharesChart({ ...found, rows: { ok: 17 } })).title, title("17\u00a0rows"));
  assert.equal(drawn(sharesChart({ ...found, rows: { ok: 1 } })).title, title("1\u00a0row"));
  assert.equal(drawn(sharesChart(found)).title, title("so few"));

  const texts = { ...measured(), measuredRows: 12 };
  const distance = { ...texts.distance, realised: 0.1 };
  const noise95 = { ...texts.noise95, realised: 0.2 };
  assert.equal(
    drawn(sharesChart(tone({ ...texts, distance, noise95 }))).title,
    "Whether tone comes out as wanted can't be told from 12\u00a0texts: up to 20\u00a0% off is noise",
  );
});

Deno.test("sharesChart() tells how many texts it is that all come out as wanted", () => {
  const found = measured();
  const distance = { ...found.distance, realised: 0 };
  const of = (measuredRows: number) =>
    drawn(sharesChart(tone({ ...found, distance, measuredRows }))).title;
  assert.equal(of(1), "tone comes out as wanted in the one text");
  assert.equal(of(600), "tone comes out as wanted in all 600\u00a0texts");
});

Deno.test("charts of shares tell that no row is ok from that no shares were wanted", () => {
  const found = unmeasured({ Calm: 0.6, Angry: 0.4 });
  const none = { requested: 0.02, accepted: null, realised: null };
  const noise = { requested: 0.05, accepted: null, realised: null };
  const refused = {
    ...found,
    values: found.values.map((value) => ({ ...value, accepted: 0 })),
    distance: none,
    noiseFloor: noise,
    noise95: noise,
  };
  const chart = drawn(sharesChart(tone(refused)));
  assert.equal(chart.title, "tone: no row is ok");
  assert.match(chart.subtitle, /^Shown is what was asked for in all rows, none of which is ok\./);
  assert.equal(chart.count("dot", "circle"), 2, "a ring for each value, and no share of ok rows");
  assert.ok(chart.texts.includes("wanted 60\u00a0%, asked for in 60\u00a0%"));
  assert.equal(
    drawn(distanceChart(tone(refused))).title,
    "No row is ok: only what was asked for can be held against the targets",
  );
  // A fault of the requests is told, but not of rows that there aren't.
  const far = { ...refused, distance: { ...none, requested: 0.3 }, noiseFloor: none };
  assert.match(drawn(distanceChart(tone(far))).title, /tone, 30\u00a0% of planned rows would/);
});

Deno.test("distanceChart() says how large noise is where it hides large differences", () => {
  assert.equal(
    drawn(distanceChart({ attributes: { tone: noisy(0.29) } })).title,
    "No attribute is surely further from its target than noise, as far as it was measured; for " +
      "tone that is up to 29\u00a0%",
  );
});

Deno.test("confusionChart() says what share of which request comes out as what else", () => {
  const chart = drawn(confusionChart(FINDINGS, { attribute: "tone" }));
  assert.equal(
    chart.title,
    "“Angry” rows: 60\u00a0% (50–69\u00a0%) come out otherwise, most as “Neutral”",
  );
  assert.ok(
    chart.texts.includes("40\u00a0% of 100\u00a0rows → Neutral 50\u00a0%, Friendly 10\u00a0%"),
  );
  assert.deepEqual(chart.texts.slice(0, 2), ["Angry", "Neutral"]);
  const not = drawn(confusionChart(FINDINGS, { attribute: "topic" }));
  assert.equal(not.title, "What requests for topic turn into has not been measured");
});

Deno.test("confusionChart() has the interval of an estimate by pair, and its rows needn't be whole", () => {
  const tone: AttributeFindings = {
    ...measured(),
    confusion: [
      { requested: "Angry", realised: "Angry", rows: 39.96, low: 0.2, high: 0.62 },
      { requested: "Angry", realised: "Neutral", rows: 60, low: 0.38, high: 0.8 },
    ],
  };
  const chart = drawn(confusionChart({ attributes: { tone } }, { attribute: "tone" }));
  assert.match(chart.title, /^“Angry” rows: 60\u00a0% \(38–80\u00a0%\) come out otherwise/);
  assert.ok(chart.texts.includes("40\u00a0% of 100\u00a0rows → Neutral 60\u00a0%"));
  assert.match(chart.subtitle, /told by judge:gpt-4\.1-mini, corrected by 120.hand labels\./);
});

Deno.test("charts say of a judge alone that nobody corrected it", () => {
  const attributes = { tone: { ...measured(), corrected: 0 } };
  for (
    const chart of [
      sharesChart({ attributes }),
      confusionChart({ attributes }, { attribute: "tone" }),
    ]
  ) assert.match(drawn(chart).subtitle, /judge:gpt-4\.1-mini alone, not corrected by hand labels/);
  assert.match(
    drawn(distanceChart({ attributes })).subtitle,
    /Not corrected by hand labels, so that the noise has what a judge may mistake: tone\.$/,
  );
});

Deno.test("sharesChart() shows of instructions how many texts follow them, the fewest first", () => {
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
      unasked: name === "Be short" ? null : { share: 0.04, low: 0.01, high: 0.1 },
    },
  });
  const none = { requested: null, accepted: 0, realised: null };
  const extra: AttributeFindings = {
    ...measured(),
    values: [value("Be short", 0.85), value("Ask twice", 0.41)],
    distance: none,
    noise95: none,
    noiseFloor: none,
    confusion: null,
  };
  const chart = drawn(sharesChart({ attributes: { extra } }));
  assert.equal(
    chart.title,
    "extra: 41\u00a0% (31–51\u00a0%) of the texts asked for “Ask twice” do it, fewest of all",
  );
  assert.ok(chart.texts.includes("41\u00a0% (31–51\u00a0%), unasked 4\u00a0%"));
  assert.deepEqual(chart.texts.slice(0, 2), ["Ask twice", "Be short"]);
  const turned = drawn(confusionChart({ attributes: { extra } }, { attribute: "extra" }));
  assert.match(turned.title, /^Texts follow extra or not/);
  assert.doesNotMatch(
    drawn(distanceChart({ attributes: { extra } })).subtitle,
    /not been measured/,
  );
});

Deno.test("lostChart() says the share that is lost and the value that loses most", () => {
  const chart = drawn(lostChart(FINDINGS));
  assert.equal(
    chart.title,
    "3\u00a0% of rows are lost; of those asked with “Lost card” 7.5\u00a0% (5.6–9.9\u00a0%)",
  );
  assert.match(
    chart.subtitle,
    /60\u00a0rows of 2,000\u00a0rows: 40 refused, 10 empty, 5 filtered, 5/,
  );
  assert.equal(chart.count("dot", "circle"), 3);
});

Deno.test("lostChart() doesn't take for certain what one of many values loses by chance", () => {
  const value = { attribute: "topic", planned: 54, low: 0.09, high: 0.29 };
  const by = { refused: 9, filtered: 0, empty: 0, truncated: 0 };
  const lost = Array.from({ length: 50 }, (_, i) => ({
    ...value,
    value: `v${i}`,
    lost: i === 0 ? 9 : 4,
    share: (i === 0 ? 9 : 4) / 54,
    by,
  }));
  const rows = { ...FINDINGS.rows, refused: 160 };
  assert.equal(
    drawn(lostChart({ rows, lost })).title,
    "9\u00a0% of rows are lost, evenly as far as can be told",
  );
  const surely = lost.map((each, i) => i === 0 ? { ...each, lost: 22, share: 22 / 54 } : each);
  assert.match(drawn(lostChart({ rows, lost: surely })).title, /asked with “v0” 41\u00a0%/);
});

Deno.test("lostChart() says that nothing was lost, and how many rows never got an answer", () => {
  const rows = {
    ...FINDINGS.rows,
    refused: 0,
    filtered: 0,
    empty: 0,
    truncated: 0,
    ok: 1_990,
    pending: 10,
  };
  const chart = drawn(lostChart({ ...FINDINGS, rows }));
  assert.equal(chart.title, "No row was lost: all 1,990\u00a0rows are ok");
  assert.match(chart.texts.join(), /10\u00a0rows failed or are still to be asked/);
});

Deno.test("lostChart() speaks of one row in the singular", () => {
  const none = { refused: 0, filtered: 0, empty: 0, truncated: 0, failed: 0 };
  const of = (planned: number, pending: number) =>
    drawn(lostChart({ rows: { ...none, planned, pending, ok: planned - pending }, lost: [] }));
  assert.equal(of(1, 0).title, "No row was lost: the one row is ok");
  assert.match(of(3, 1).texts.join(), /1\u00a0row failed or is still to be asked/);
});
