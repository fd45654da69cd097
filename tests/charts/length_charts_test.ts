import assert from "node:assert/strict";
import { lengthFindings as measuredLengths } from "../../src/analysis/lengths/lengths.ts";
import { askedGotChart } from "../../src/charts/asked_got.ts";
import { lengthDistributionChart } from "../../src/charts/length_distribution.ts";
import { lengthQuantileChart } from "../../src/charts/length_quantiles.ts";
import { drawn } from "./drawn.ts";
import { FINDINGS, lengthFindings } from "./findings.ts";

/** Rows that were asked for 3 to 52 words and came half as long. */
const CORPUS = {
  size: 1_000,
  requestedWords: Uint32Array.from({ length: 1_000 }, (_, row) => 3 + row % 50),
  words: Uint32Array.from({ length: 1_000 }, (_, row) => Math.ceil((3 + row % 50) / 2)),
};

Deno.test("lengthDistributionChart() says by how much rows are shorter than wanted", () => {
  const chart = drawn(lengthDistributionChart(FINDINGS, CORPUS));
  assert.equal(
    chart.title,
    "Rows come out shorter than wanted: median 12\u00a0words against 14, 4.1\u00a0words off on " +
      "average (3.6–4.6)",
  );
  // Wanted, asked for, what came.
  assert.equal(chart.count("line", "path"), 3);
  assert.equal(chart.count("area", "path"), 1);
});

Deno.test("lengthDistributionChart() calls lengths as wanted where noise can make the difference", () => {
  const realised = { w1: 0.3, ks: 0.02, low: 0.2, high: 0.5, p: null };
  const chart = drawn(
    lengthDistributionChart({ length: { ...lengthFindings(), realised } }, CORPUS),
  );
  assert.equal(
    chart.title,
    "Lengths come out as wanted: 0.3\u00a0words off on average (0.2–0.5)",
  );
});

Deno.test("lengthDistributionChart() says which rows are off where the median is as wanted", () => {
  const found = lengthFindings();
  const quantiles = found.quantiles.map((each) =>
    each.p === 0.5 ? { ...each, realised: 14 } : each
  );
  assert.equal(
    drawn(lengthDistributionChart({ length: { ...found, quantiles } }, CORPUS)).title,
    "The median length is as wanted, 14\u00a0words, but long rows are too short: 4.1\u00a0words off " +
      "on average (3.6–4.6)",
  );
});

Deno.test("lengthDistributionChart() tells the range where no lengths were wanted", () => {
  const length = { ...lengthFindings(), target: null, realised: null, requested: null };
  const chart = drawn(lengthDistributionChart({ length }, CORPUS));
  assert.equal(chart.title, "Nine rows in ten have 6 to 28 words, median 12");
  assert.equal(chart.count("area", "path"), 0);
});

Deno.test("askedGotChart() says how long and how short requests come out", () => {
  const chart = drawn(askedGotChart(FINDINGS, CORPUS));
  assert.equal(
    chart.title,
    "Lengths: long requests come out 40\u00a0% short (24 for 40 words), short ones " +
      "60\u00a0% too long (8 for 5)",
  );
  assert.match(chart.subtitle, /^31\u00a0% \(27–36\u00a0%\) of rows are within a fifth/);
  assert.equal(chart.count("dot", "circle"), 1_000 + 3);
});

Deno.test("askedGotChart() calls lengths as asked only where all are near", () => {
  const found = lengthFindings();
  const byRequest = found.byRequest.map((bin) => ({ ...bin, got: bin.asked }));
  assert.match(
    drawn(askedGotChart({ length: { ...found, byRequest } }, CORPUS)).title,
    /^Lengths come out as asked: half of rows have 0.60 to 1.10 words for each/,
  );
  const halved = found.byRequest.map((bin) => ({ ...bin, got: bin.asked / 2 }));
  const ratio = { median: 0.5, q25: 0.4, q75: 0.6 };
  assert.match(
    drawn(askedGotChart({ length: { ...found, ratio, byRequest: halved } }, CORPUS)).title,
    /^Lengths: rows come out 50\u00a0% short, whatever length is asked for/,
  );
});

Deno.test("askedGotChart() draws some of very many rows, evenly, and says so", () => {
  const many = {
    size: 100_000,
    requestedWords: Uint32Array.from({ length: 100_000 }, (_, row) => row < 50_000 ? 10 : 20),
    words: new Uint32Array(100_000).fill(8),
  };
  const chart = drawn(askedGotChart(FINDINGS, many));
  assert.equal(chart.count("dot", "circle"), 1_500 + 3);
  assert.match(chart.subtitle, /\(1,500 of 100,000\)\.$/);
  const places = chart.attributes("dot", "circle", "cx").slice(0, 1_500);
  assert.equal(places.filter((place) => place === places[0]).length, 750);
});

Deno.test("askedGotChart() draws a text of no words at the edge: its axes are logarithmic", () => {
  const none = { size: 2, requestedWords: Uint32Array.of(5, 9), words: Uint32Array.of(0, 4) };
  const places = drawn(askedGotChart(FINDINGS, none)).attributes("dot", "circle", "cy");
  assert.equal(places.length, 2 + 3);
  assert.ok(places.every((place) => Number.isFinite(Number(place))));
});

Deno.test("lengthQuantileChart() compares the long end, and has a line for each quantile", () => {
  const chart = drawn(lengthQuantileChart(FINDINGS));
  assert.equal(
    chart.title,
    "One row in 20 should have more than 43\u00a0words; one in 20 has more than 28",
  );
  assert.equal(chart.texts[0], "one in 20 is shorter");
  assert.ok(chart.texts.includes("wanted 14, asked 14, got 12"));
  assert.equal(chart.count("tick", "line"), 6);
});

/** The first of these rows. */
function first(rows: number) {
  return {
    size: rows,
    requestedWords: CORPUS.requestedWords.slice(0, rows),
    words: CORPUS.words.slice(0, rows),
  };
}

Deno.test("lengthDistributionChart() calls nothing as wanted that few rows can't tell", () => {
  const of = (rows: number, realised: { w1: number; ks: number; low: number; high: number }) =>
    drawn(lengthDistributionChart(
      { length: { ...lengthFindings(), realised: { ...realised, p: null }, rows } },
      first(rows),
    )).title;
  const untold = "Whether lengths come out as wanted can't be told from ";
  assert.equal(of(1, { w1: 11.1, ks: 0.6, low: 11.1, high: 11.1 }), `${untold}1\u00a0row`);
  assert.equal(of(17, { w1: 1, ks: 0.2, low: 0.5, high: 1.5 }), `${untold}17\u00a0rows`);
  // Enough rows, but the interval has room for lengths that are far off.
  assert.equal(
    of(80, { w1: 4.7, ks: 0.1, low: 1.6, high: 7.9 }),
    `${untold}80\u00a0rows: 4.7\u00a0words off on average (1.6–7.9)`,
  );
});

Deno.test("lengthDistributionChart() has no nine rows in ten of a few rows", () => {
  const length = { ...lengthFindings(), target: null, realised: null, requested: null };
  assert.equal(
    drawn(lengthDistributionChart({ length }, first(17))).title,
    "17\u00a0ok rows have 2 to 10 words",
  );
});

Deno.test("askedGotChart() calls nothing as asked that few rows can't tell", () => {
  const found = { ...lengthFindings(), byRequest: [], ratio: { median: 1, q25: 0.6, q75: 1.4 } };
  const of = (rows: number, length = found) => drawn(askedGotChart({ length }, first(rows))).title;
  const untold = "Whether lengths come out as asked can't be told from ";
  assert.equal(of(1), `${untold}1\u00a0row`);
  assert.equal(
    of(17),
    `${untold}17\u00a0rows: half of rows have 0.60 to 1.40 words for each word asked for`,
  );
  // What is far off is told by few rows, too.
  const halved = { ...found, ratio: { median: 0.5, q25: 0.45, q75: 0.55 } };
  assert.equal(of(17, halved), "Lengths: rows come out 50\u00a0% short");
});

Deno.test("askedGotChart() draws no medians of a few rows each", () => {
  const found = lengthFindings();
  const byRequest = found.byRequest.map((bin) => ({ ...bin, rows: 9 }));
  const chart = drawn(askedGotChart({ length: { ...found, byRequest } }, first(27)));
  assert.equal(chart.count("dot", "circle"), 27);
  assert.doesNotMatch(chart.subtitle, /Blue line/);
});

Deno.test("askedGotChart() takes no group of requests for off that is by chance", () => {
  const bin = { from: 40, to: 52, rows: 10, asked: 45, got: 36, q25: 20, q75: 60 };
  const found = lengthFindings();
  const ratio = { median: 1, q25: 0.9, q75: 1.1 };
  const of = (got: typeof bin) =>
    drawn(askedGotChart({ length: { ...found, ratio, byRequest: [got] } }, CORPUS)).title;
  assert.match(of(bin), /^Lengths come out as asked/);
  assert.match(of({ ...bin, q25: 35, q75: 37 }), /^Lengths: rows come out/);
});

Deno.test("lengthQuantileChart() tells of no end that few rows lie beyond", () => {
  const of = (rows: number) =>
    drawn(lengthQuantileChart({ length: { ...lengthFindings(), rows } }));
  assert.equal(of(17).title, "How long rows come can't be told from 17\u00a0rows");
  assert.equal(
    of(20).title,
    "Half of rows should have more than 14\u00a0words; half have more than about 12",
  );
  assert.equal(
    of(80).title,
    "One row in 4 should have more than 22\u00a0words; one in 4 has more than about 17",
  );
  assert.match(of(200).title, /^One row in 20 should/);
  assert.match(of(80).subtitle, /pale: fewer than 10 rows lie beyond/);
  const colours = of(80).attributes("dot", "circle", "fill").slice(-6);
  assert.deepEqual(colours.map((colour) => colour === colours[2]), [
    false,
    true,
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("charts of lengths tell that no row is ok from that no length was asked for", () => {
  const none = { size: 0, requestedWords: new Uint32Array(), words: new Uint32Array() };
  for (
    const chart of [
      lengthDistributionChart({ length: null }, none),
      askedGotChart({ length: null }, none),
      lengthQuantileChart({ length: null, rows: { ok: 0 } }),
    ]
  ) assert.equal(drawn(chart).title, "Lengths can't be told: no row is ok");
});

Deno.test("charts of lengths show what came where none was asked for and none is wanted", () => {
  const corpus = { ...CORPUS, requestedWords: new Uint32Array(CORPUS.size) };
  const length = measuredLengths(corpus, { length: null, sampling: null });
  assert.ok(length);
  assert.match(drawn(lengthDistributionChart({ length }, corpus)).title, /words/);
  assert.match(drawn(lengthQuantileChart({ length })).title, /words/);
  assert.equal(drawn(askedGotChart({ length }, corpus)).title, "No length was asked for");
});

Deno.test("charts of lengths say so where none was asked for", () => {
  for (
    const chart of [
      lengthDistributionChart({ length: null }, CORPUS),
      askedGotChart({ length: null }, CORPUS),
      lengthQuantileChart({ length: null }),
    ]
  ) assert.equal(drawn(chart).title, "No length was asked for");
});
