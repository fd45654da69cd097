import assert from "node:assert/strict";
import type {
  AttributeFindings,
  DriftPart,
  EdgeTerm,
  Findings,
  LengthFindings,
  LostShare,
  TemplateTerm,
} from "../../../src/analysis/findings.ts";
import {
  chosenHeadlines,
  type Headline,
  headlines,
} from "../../../src/analysis/headlines/headlines.ts";
import { lengthFindings } from "../../../src/analysis/lengths/lengths.ts";
import type { Config } from "../../../src/config/types.ts";
import { shiftedLognormal } from "../../../src/stats/shifted_lognormal.ts";
import { wilson } from "../../../src/stats/intervals.ts";
import { normalQuantile } from "../../../src/stats/normal.ts";
import { config } from "../../run/fixtures.ts";
import { soundFindings } from "../findings_fixture.ts";

const ROWS = 400;

/** What is said of findings. */
function said(fields: Partial<Findings>, of: Config | null = config()): string[] {
  return headlines({ findings: soundFindings(ROWS, fields), config: of })
    .map(({ says, next }) => `${says} → ${next}`);
}

/** The kinds that are said of findings. */
function kinds(fields: Partial<Findings>): string[] {
  return headlines({ findings: soundFindings(ROWS, fields), config: config() })
    .map(({ kind }) => kind);
}

function terms(fields: Partial<Findings["terms"]>): Partial<Findings> {
  return { terms: { ...soundFindings(1).terms, ...fields } };
}

function template(term: string, share: number, fields: Partial<TemplateTerm> = {}): TemplateTerm {
  const rows = Math.round(share * ROWS);
  const { low } = wilson(rows, ROWS, { confidence: 0.9999 });
  const [n, language] = [term.split(" ").length, "en"];
  return {
    term,
    n,
    rows,
    share,
    low,
    score: low,
    language,
    languageShare: share,
    examples: [],
    ...fields,
  };
}

function opening(term: string, share: number): EdgeTerm {
  const rows = Math.round(share * ROWS);
  return { term, n: term.split(" ").length, rows, share, ...wilson(rows, ROWS) };
}

Deno.test("nothing is said where nothing is wrong", () => {
  assert.deepEqual(said({}), []);
  assert.deepEqual(said({}, null), []);
});

Deno.test("nothing is said of a file that only a run has", () => {
  const made = {
    ...soundFindings(ROWS).made,
    files: [{ path: "/rows/chats.jsonl", bytes: 9 }],
  };
  const run = { ...made, files: [{ path: "output/metro-1/records.jsonl", bytes: 9 }] };
  const wide = terms({ template: [template("could you please", 0.2)] });
  const values = ["Calm", "Angry"].map((value) => (
    { value, target: null, requested: 0.5, accepted: 0.5, realised: null }
  ));
  const asked = attribute({ values, measuredBy: null });
  const lines = (fields: Partial<Findings>) => said({ ...fields, ...wide }, null).join("\n");
  assert.match(
    lines({ made }),
    /rows \(20 %, at least 13 %\) → see whether real messages have it as often: --reference FILE$/,
  );
  assert.match(lines({ made, ...asked }), /at least 13 %\) whatever they are → /);
  assert.match(
    lines({ made, ...asked }),
    /Whether the texts are what their tone says .* → let a model say it: deno task judge FILE --config DIR$/,
  );
  assert.match(
    lines({ made: run, ...asked }),
    /→ let a model say it: deno task judge RUN; or say it of a hundred .* deno task label RUN$/,
  );
  // What was asked of all alike, or the language alone, says nothing of breadth.
  const languages = ["English", "Swedish"].map((value, i) => ({ ...values[i]!, value }));
  for (const alike of [values.slice(1), languages]) {
    assert.doesNotMatch(lines({ made, ...attribute({ values: alike }) }), /whatever/);
  }
  const third = losses(lost("Angry", 200, 60), lost("", 200, 60));
  assert.match(said({ made, ...third }, null)[0] ?? "", /→ read them$/);
});

Deno.test("rows of a file, that nobody asked for, are said to have values, and no word is to be avoided", () => {
  const made = { ...soundFindings(ROWS).made, files: [{ path: "/rows/chats.csv", bytes: 9 }] };
  const lines = (fields: Partial<Findings>, of: Config | null = null) =>
    said({ ...fields, made }, of).join("\n");
  const confusion = [
    { requested: "Danish", realised: "Danish", rows: 80 },
    { requested: "Danish", realised: "English", rows: 20 },
  ];
  assert.match(
    lines(attribute({ confusion })),
    /^tone: 20 % of the texts labelled "Danish" are "English" \(13–29 %\), by eld → read some/,
  );
  assert.match(
    lines(attribute({ confusion, measuredRows: 100, unclearRows: 40 })),
    /, by eld, which can't tell 40 more rows → /,
  );
  const values = [
    { value: "Angry", target: 0.2, requested: 0.2, accepted: 0.1, realised: null },
    { value: "", target: 0.8, requested: 0.8, accepted: 0.9, realised: null },
  ];
  const distance = { requested: 0, accepted: 0.1, realised: null };
  assert.match(
    lines(attribute({ values, distance, measuredBy: null }), config()),
    /^tone: 10 % of the ok rows have "Angry", 20 % are wanted \(7–13 %\) → add rows of what/,
  );
  assert.match(
    lines(losses(lost("Angry", 80, 49), lost("", 320, 6))),
    /^61 % of the rows with tone "Angry" were refused/,
  );
  // A bank's own word, however many have it; with a config too, since no prompt made these texts.
  const own = terms({ template: [template("account", 0.4)] });
  assert.equal(lines(own), "");
  assert.equal(lines(own, config()), "");
  assert.match(said(own)[0] ?? "", /"account" stands in/);
  const openings = terms({ openings: [opening("could you", 0.3)] });
  for (const  of of[null, config()]) assert.doesNotMatch(lines(openings, of), /avoid/);
  const copies = lines(diversity({ exactDuplicates: 60 }), config());
  assert.match(copies, /→ keep one of each$/);
});

Deno.test("values that the config doesn't have are said as such", () => {
  const share = (value: string, target: number, accepted: number) => (
    { value, target, requested: accepted, accepted, realised: null }
  );
  const item = { score: 1, factor: 1, prompt: null, when: null };
  const of = config({ attributes: { tone: [{ ...item, value: "Calm" }, { ...item, value: "" }] } });
  const distance = { requested: 0.6, accepted: 0.6, realised: null };
  const off = (...values: ReturnType<typeof share>[]) =>
    said(attribute({ values, distance, measuredBy: "eld" }), of);
  assert.deepEqual(off(share("Calm", 0.5, 0.4), share("", 0.5, 0), share("x", 0, 0.6)), [
    "tone: 60 % of the ok rows have values that aren't among the config's (\"x\") → name them " +
    "alike, or hold the rows against their own config",
  ]);
  assert.match(off(share("Calm", 0.5, 1), share("", 0.5, 0))[0] ?? "", /→ raise what is missing/);
});

Deno.test("a phrase is said where it is truly widespread, with its rows and its lower bound", () => {
  const values = ["Calm", "Angry"].map((value) => (
    { value, target: null, requested: 0.5, accepted: 0.5, realised: null }
  ));
  const wide = {
    ...attribute({ values }),
    ...terms({ template: [template("everyone", 0.2), template("could you please", 0.2)] }),
  };
  assert.deepEqual(said(wide), [
    '"could you please" stands in 80 of 400 rows (20 %, at least 13 %) whatever was asked → add it ' +
    "to avoid.txt",
  ]);
  assert.match(said(wide, null)[0] ?? "", /→ tell the model to avoid it$/);
  const avoid = [{ term: "Could you please", share: 0.2, language: null }];
  assert.match(said(wide, config({ avoid }))[0] ?? "", /→ avoid\.txt names it already/);
  // Their lower bounds are .055 and .048, those of the words .105 and .097.
  assert.equal(said(terms({ template: [template("could you please", 0.1)] })).length, 1);
  assert.deepEqual(said(terms({ template: [template("could you please", 0.09)] })), []);
  for (const word of ["honestly", "to honestly"]) {
    assert.equal(said(terms({ template: [template(word, 0.165)] })).length, 1);
    assert.deepEqual(said(terms({ template: [template(word, 0.155)] })), []);
  }
  // Of nine rows nothing is known, however large their share.
  assert.deepEqual(said(terms({ template: [template("quick one", 0.5, { rows: 9 })] })), []);
  // Not everywhere: some value of what was asked hardly has it.
  assert.deepEqual(said(terms({ template: [template("my card", 0.3, { score: 0.04 })] })), []);
  const languages = [{ language: "en", rows: 280 }, { language: "sv", rows: 120 }];
  const ofOne = (languageShare: number) =>
    said({
      ...attribute({ values }),
      ...terms({
        template: [
          template("skulle ni kunna", 0.3 * languageShare, {
            language: "sv",
            languageShare,
            score: 0.3 * languageShare,
          }),
        ],
      }),
      languages,
    });
  assert.match(
    ofOne(0.4)[0] ?? "",
    /\(12 %; 40 % of those in Swedish, at least 12 %\) whatever/,
  );
  assert.deepEqual(ofOne(0.16), []);
});

Deno.test("an opening is said as long as it goes, and openings are said once", () => {
  const openings = [
    opening("hello", 0.6),
    opening("could you", 0.31),
    opening("could you please", 0.3),
    opening("could you please tell", 0.1),
  ];
  const few = { ...soundFindings(ROWS).diversity, effectiveOpenings: 6 };
  assert.deepEqual(said({ ...terms({ openings }), diversity: few }), [
    '120 of 400 rows begin with "could you please" (30 %, 26–35 %) → add it to avoid.txt',
  ]);
  assert.deepEqual(said(terms({ openings: [opening("could you", 0.1)] })), []);
  const explained = openings.map((each) => ({ ...each, even: false }));
  assert.deepEqual(said(terms({ openings: explained })), []);
  const copied = { ...few, exactDuplicates: 300 };
  assert.deepEqual(kinds({ ...terms({ openings }), diversity: copied }), ["duplicates"]);
  assert.match(said({ diversity: few })[0] ?? "", /^Rows begin as if there were 6 openings only/);
  assert.deepEqual(said({ diversity: { ...few, effectiveOpenings: 30 } }), []);
  const atRows = { ...few, entropy: { ...few.entropy, atRows: 20 } };
  assert.deepEqual(said({ diversity: atRows }), []);
});

const TARGET = { mean: 2.5, sigma: 0.75, shift: 2, max: null };

function length(fields: Partial<LengthFindings>): Partial<Findings> {
  return {
    length: {
      target: TARGET,
      requested: null,
      realised: null,
      fit: null,
      ratio: { median: 1, q25: 0.9, q75: 1.1 },
      onTarget: 0.9,
      onTargetInterval: wilson(360, 400),
      byRequest: [],
      quantiles: [{ p: 0.5, target: 14, requested: 14, realised: 14 }],
      rows: ROWS,
      ...fields,
    },
  };
}

Deno.test("lengths are said where they are off by more than their noise", () => {
  assert.deepEqual(said(length({})), []);
  const short = length({
    ratio: { median: 0.65, q25: 0.5, q75: 0.8 },
    quantiles: [{ p: 0.5, target: 14, requested: 14, realised: 9 }],
    onTarget: 0.39,
    onTargetInterval: wilson(156, 400),
  });
  assert.deepEqual(said(short), [
    "Rows are shorter than asked: median 9 for 14 words; 39 % come within 2 words or 20 % " +
    '(34–44 %) → ask otherwise: "draw" in response_length_distribution.json',
  ]);
  const bin = { from: 30, to: 90, rows: 40, asked: 45, got: 20, q25: 15, q75: 25 };
  const [most = ""] = said({ length: { ...short.length!, byRequest: [bin] } });
  assert.match(most, /: median 9 for 14 words, of the longest 20 for 45; 39 % come/);
  const long = length({ ratio: { median: 1.5, q25: 1.2, q75: 1.8 }, onTarget: null });
  assert.match(said(long)[0] ?? "", /^Rows are longer than asked: 150 words for 100, half of the/);
  // Of few rows with wide quartiles the median isn't known.
  const few = { ratio: { median: 0.8, q25: 0.4, q75: 1.4 }, rows: 16, onTarget: null };
  assert.deepEqual(said(length(few)), []);
  assert.equal(said(length({ ...few, rows: 1600 })).length, 1);
  assert.deepEqual(said(length({ ratio: { median: 0.95, q25: 0.9, q75: 1 } })), []);
});

Deno.test("lengths that are asked for otherwise than wanted are well where they meet the target", () => {
  const { mean, sigma, shift } = TARGET;
  const draw = { mean: 3, sigma, shift };
  const corrected = config({ length: { mean, sigma, shift, max: null, draw } });
  const short = (low: number) =>
    length({
      realised: { w1: low + 1, low, high: low + 2, ks: 0.05, p: null },
      ratio: { median: 0.65, q25: 0.5, q75: 0.8 },
      quantiles: [{ p: 0.5, target: 14, requested: 20, realised: 13 }],
    });
  assert.deepEqual(said(short(0.3), corrected), []);
  assert.match(said(short(3), corrected)[0] ?? "", /^Rows are shorter than asked/);
  assert.match(said(short(0.3))[0] ?? "", /^Rows are shorter than asked/);
});

Deno.test("requests of some length that come out otherwise are said", () => {
  const bin = { from: 30, to: 45, rows: 100, asked: 36, got: 20, q25: 17, q75: 24 };
  assert.match(
    said(length({ byRequest: [{ ...bin, from: 4, to: 5, asked: 4.5, got: 5 }, bin] }))[0] ?? "",
    /^Rows asked for 30–45 words come out shorter: median 20 for 36 →/,
  );
  assert.deepEqual(said(length({ byRequest: [{ ...bin, rows: 8 }] })), []);
  assert.deepEqual(said(length({ byRequest: [{ ...bin, got: 33 }] })), []);
  assert.deepEqual(
    said(length({ byRequest: [{ ...bin, rows: 12, got: 29, q25: 15, q75: 50 }] })),
    [],
  );
});

Deno.test("lengths that hardly follow the requests are said by both ends", () => {
  const bin = { from: 3, to: 6, rows: 130, asked: 5, got: 13, q25: 10, q75: 16 };
  const byRequest = [
    bin,
    { ...bin, from: 7, to: 20, asked: 13, got: 14 },
    { ...bin, from: 21, to: 90, asked: 44, got: 20 },
  ];
  const near = { onTarget: 0.3, onTargetInterval: wilson(120, 400) };
  assert.match(
    said(length({ byRequest, ...near }))[0] ?? "",
    /^Lengths hardly follow what was asked: median 13 for 5 words, 20 for 44; 30 % come within 2 words or 20 % \(26–35 %\) → word the length otherwise in prompt\.md/,
  );
  const [first, middle] = byRequest;
  assert.match(
    said(length({ byRequest: [first!, middle!] }))[0] ?? "",
    /^Rows asked for 3–6 words/,
  );
});

/** What is said of 1,000 rows whose lengths are so many times what was asked, loosely by `sigma`. */
function saidOfRatio(ratio: number, sigma: number): string[] {
  const { quantile } = shiftedLognormal(TARGET);
  const requestedWords = Uint32Array.from({ length: 1000 }, (_, i) => quantile((i + 0.5) / 1000));
  const words = requestedWords.map((asked, i) =>
    Math.max(1, Math.round(asked * ratio * Math.exp(sigma * normalQuantile(hash(i)))))
  );
  const options = { length: null, sampling: null };
  return said({ length: lengthFindings({ size: 1000, requestedWords, words }, options) });
}

Deno.test("rows that all are off by one ratio are no loose ones", () => {
  for (const ratio of [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 1.3, 1.5, 2]) {
    for (const sigma of [0, 0.1, 0.3]) {
      const [line = ""] = saidOfRatio(ratio, sigma);
      const off = ratio < 1 ? "shorter" : "longer";
      assert.match(line, new RegExp(`^Rows are ${off} than asked: .* → ask otherwise: "draw"`));
    }
  }
  assert.deepEqual(saidOfRatio(1, 0.1), []);
  for (const sigma of [0.8, 1.2]) {
    const [line = ""] = saidOfRatio(1, sigma);
    assert.match(line, /^Lengths follow the requests loosely: .* → word the length otherwise/);
  }
  // Where all is wrong the middle comes first.
  assert.match(saidOfRatio(0.6, 0.8)[0] ?? "", /^Rows are shorter than asked/);
});

Deno.test("lengths that nobody asked for are held against the target and its noise", () => {
  const unasked = (w1: number, rows = ROWS) =>
    length({
      ratio: null,
      onTarget: null,
      onTargetInterval: null,
      rows,
      realised: { w1, low: 0.8 * w1, high: 1.2 * w1, ks: 0.2, p: null },
    });
  assert.match(
    said(unasked(5))[0] ?? "",
    /^Lengths are 5 words off .* \(4–6\), by chance hardly more than 2\.3/,
  );
  assert.deepEqual(said(unasked(1.4)), []);
  assert.deepEqual(said(unasked(5, 20)), []);
  // What is called chance is: rows drawn from the target itself stay below it.
  const { quantile } = shiftedLognormal(TARGET);
  const sorted = Array.from({ length: ROWS }, (_, i) => quantile((i + 0.5) / ROWS));
  for (let shift = 0; shift < 40; shift++) {
    // A golden-ratio sequence is more even than chance; steps of it in a wider grid are not.
    const drawn = Array.from({ length: ROWS }, (_, i) => quantile(hash(shift * ROWS + i)))
      .sort((a, b) => a - b);
    const w1 = drawn.reduce((sum, words, i) => sum + Math.abs(words - sorted[i]!), 0) / ROWS;
    const far = unasked(1);
    assert.deepEqual(
      said({ length: { ...far.length!, realised: { w1, low: w1, high: w1, ks: 0, p: 1 } } }),
      [],
    );
  }
});

/** A number in [0, 1) that looks drawn. */
function hash(value: number): number {
  const wave = Math.sin(value + 1) * 43_758.5453;
  return wave - Math.floor(wave);
}

function attribute(fields: Partial<AttributeFindings>): Partial<Findings> {
  return {
    attributes: {
      tone: {
        values: [],
        other: null,
        distance: { requested: 0, accepted: 0, realised: null },
        noiseFloor: { requested: 0.005, accepted: 0.02, realised: 0.02 },
        noise95: { requested: 0.01, accepted: 0.03, realised: 0.03 },
        test: null,
        measuredBy: "eld",
        measuredRows: ROWS,
        confusion: null,
        ...fields,
      },
    },
  };
}

Deno.test("texts that are off their target are said by what came, not by what was asked", () => {
  const share = (value: string, target: number, of: number) => ({
    value,
    target,
    requested: target,
    accepted: target,
    realised: { share: of, target, ...wilson(of * ROWS, ROWS) },
  });
  const off = attribute({
    values: [share("Angry", 0.12, 0.07), share("Calm", 0.88, 0.93)],
    distance: { requested: 0, accepted: 0, realised: 0.05 },
  });
  assert.deepEqual(said(off), [
    'tone: 7 % of the texts are "Angry", 12 % are wanted (4.9–9.9 %) → word it otherwise: "prompt" in ' +
    "injections/tone.json",
  ]);
  const { tone } = off.attributes!;
  // Within noise, whatever single values look like.
  const near = { requested: 0, accepted: 0, realised: 0.039 };
  assert.deepEqual(said(attribute({ ...tone, distance: near })), []);
  assert.deepEqual(said(attribute({ ...tone, noise95: { ...tone!.noise95, realised: null } })), []);
});

Deno.test("a value whose texts come out as something else is said where errors don't explain it", () => {
  const confusion = (gone: number) => [
    { requested: "Danish", realised: "Danish", rows: 100 - gone },
    { requested: "Danish", realised: "other", rows: gone },
    { requested: "English", realised: "English", rows: 300 },
    { requested: "", realised: "English", rows: 50 },
  ];
  assert.match(
    said(attribute({ confusion: confusion(20) }))[0] ?? "",
    /^tone: 20 % of the texts asked to be "Danish" are none of the values \(13–29 %\), by eld →/,
  );
  assert.deepEqual(said(attribute({ confusion: confusion(10) })), []);
  // Where it is known how much is mistaken, that is what has to be passed.
  const known = (measuredError: number, gone: number) =>
    said(attribute({ confusion: confusion(gone), measuredError })).length;
  assert.deepEqual([known(0.001, 10), known(0.001, 5)], [1, 0]);
  assert.deepEqual([known(0.05, 20), known(0.1, 20), known(0.1, 30)], [1, 0, 1]);
  // It comes before the share that it explains, and matters as much.
  const share = { share: 0.1, low: 0.08, high: 0.12, target: 0.25 };
  const values = [
    { value: "Danish", target: 0.25, requested: 0.25, accepted: 0.25, realised: share },
  ];
  const distance = { requested: 0, accepted: 0, realised: 0.15 };
  const findings = soundFindings(ROWS, attribute({ confusion: confusion(20), values, distance }));
  const [first] = headlines({ findings, config: config() });
  assert.match(first?.says ?? "", /^tone: 20 % of the texts asked to be "Danish"/);
  assert.ok(Math.abs((first?.severity ?? 0) - (1 - 0.12 / 0.25) * 0.5) < 1e-9);
});

Deno.test("ok rows off their target are said as what was asked, unless they are drawn so on purpose", () => {
  const values = [
    { value: "Angry", target: 0.2, requested: 0.2, accepted: 0.1, realised: null },
    { value: "", target: 0.8, requested: 0.8, accepted: 0.9, realised: null },
  ];
  const distance = { requested: 0, accepted: 0.1, realised: null };
  const off = attribute({ values, distance, measuredBy: null });
  assert.match(
    said(off)[0] ?? "",
    /^tone: 10 % of the ok rows were asked for "Angry", 20 % are wanted \(7–13 %\) → raise what/,
  );
  assert.match(said(off)[1] ?? "", /^What the texts' tone really is has not been measured → /);
  const item = { score: 1, prompt: null, when: null };
  const corrected = config({
    attributes: {
      tone: [{ ...item, value: "Angry", factor: 0.5 }, { ...item, value: "", factor: 1 }],
    },
  });
  assert.deepEqual(said(off, corrected).length, 1);
  const within = { requested: 0, accepted: 0.035, realised: null };
  assert.deepEqual(kinds(attribute({ values, distance: within })), []);
});

function lost(
  value: string,
  planned: number,
  refused: number,
  fields: Partial<LostShare> = {},
): LostShare {
  const by = { refused, filtered: 0, empty: 0, truncated: 0 };
  const share = refused / planned;
  return {
    attribute: "tone",
    value,
    planned,
    lost: refused,
    share,
    ...wilson(refused, planned),
    by,
    ...fields,
  };
}

function losses(...shares: LostShare[]): Partial<Findings> {
  const planned = shares.reduce((sum, each) => sum + each.planned, 0);
  const refused = shares.reduce((sum, each) => sum + each.lost, 0);
  const { rows } = soundFindings(planned - refused);
  return { lost: shares, rows: { ...rows, planned, refused } };
}

Deno.test("losses are said where one value has more than the others", () => {
  assert.deepEqual(said(losses(lost("Angry", 80, 49), lost("", 320, 6))), [
    '61 % of the rows asked for tone "Angry" were refused (50–71 %), 1.9 % of the others → word it ' +
    'otherwise: "prompt" in injections/tone.json',
  ]);
  const mixed = { by: { refused: 30, filtered: 19, empty: 0, truncated: 0 } };
  assert.match(
    said(losses(lost("Angry", 80, 49, mixed), lost("", 320, 6)))[0] ?? "",
    /were refused or otherwise lost/,
  );
  assert.deepEqual(said(losses(lost("Angry", 80, 8), lost("", 320, 16))), []);
  assert.deepEqual(said(losses(lost("Angry", 3, 2), lost("", 397, 6))), []);
  assert.match(
    said(losses(lost("Angry", 200, 60), lost("", 200, 60)))[0] ?? "",
    /^30 % of the rows were refused \(26–35 %\) → read them/,
  );
});

Deno.test("what a value loses isn't told twice", () => {
  const values = [
    { value: "Angry", target: 0.2, requested: 0.2, accepted: 0.05, realised: null },
    { value: "", target: 0.8, requested: 0.8, accepted: 0.95, realised: null },
  ];
  const distance = { requested: 0, accepted: 0.15, realised: null };
  const both = {
    ...attribute({ values, distance }),
    ...losses(lost("Angry", 80, 65), lost("", 320, 6)),
  };
  assert.deepEqual(kinds(both), ["lost"]);
});

function diversity(fields: Partial<Findings["diversity"]>): Partial<Findings> {
  return { diversity: { ...soundFindings(ROWS).diversity, ...fields } };
}

Deno.test("copies are said, exact ones, or rows that have a near one", () => {
  const nearDuplicates = { clusters: 4, rows: 64, largest: [] };
  assert.match(
    said(diversity({ exactDuplicates: 11, nearDuplicates }))[0] ?? "",
    /^64 of 400 rows are nearly the same as another \(16 %, 13–20 %\); 11 repeat an earlier one word for word → more values/,
  );
  assert.match(
    said(diversity({ nearDuplicates }))[0] ?? "",
    /^64 of 400 rows are nearly the same as another \(16 %, 13–20 %\); none repeats an earlier one word for word →/,
  );
  assert.match(
    said(diversity({ exactDuplicates: 70, nearDuplicates }))[0] ?? "",
    /^70 of 400 rows repeat an earlier one word for word \(18 %, 14–22 %\) →/,
  );
  assert.deepEqual(said(diversity({ exactDuplicates: 8 })), []);
});

Deno.test("near copies are said where rows have more of them than people's own among so many", () => {
  const lines = (ok: number, rows: number) => {
    const { diversity } = soundFindings(ok);
    const nearDuplicates = { clusters: Math.ceil(rows / 2), rows, largest: [] };
    const findings = soundFindings(ok, { diversity: { ...diversity, nearDuplicates } });
    return headlines({ findings, config: null }).length;
  };
  // As many as 3,080 questions to a bank have, and thrice as many.
  assert.equal(lines(3080, 156), 0);
  assert.equal(lines(3080, 468), 1);
  assert.equal(lines(400, 12), 0);
  assert.equal(lines(400, 40), 1);
  assert.equal(lines(100_000, 19_000), 0);
  assert.equal(lines(100_000, 25_000), 1);
});

Deno.test("answers that hold several messages are said, with rows to look at", () => {
  const several = (rows: number, run?: string): Partial<Findings> => ({
    several: {
      rows,
      share: rows / ROWS,
      ...wilson(rows, ROWS),
      examples: [3, 11, 19, 27].slice(0, rows).map((row) =>
        run === undefined ? { row } : { row, run }
      ),
    },
  });
  assert.deepEqual(said(several(40)), [
    "40 of 400 rows hold several messages each, as a list (10 %, 7–13 %), such as rows 3, 11, 19 → " +
    "ask in prompt.md for one message and no list, or try another model",
  ]);
  assert.match(
    said(several(40, "metro-1"))[0] ?? "",
    /such as rows 3 of metro-1, 11 of metro-1, 19 of/,
  );
  const made = { ...soundFindings(ROWS).made, files: [{ path: "/rows/chats.csv", bytes: 9 }] };
  assert.match(said({ ...several(40), made }, null)[0] ?? "", /→ split them into rows$/);
  // One of 400 is a slip.
  for (const fields of [several(0), several(1), { several: null }]) {
    assert.deepEqual(said(fields), []);
  }
});

Deno.test("few openings aren't said where copies explain them", () => {
  const few = (effectiveOpenings: number, exactDuplicates: number) =>
    kinds(diversity({ effectiveOpenings, exactDuplicates }));
  assert.deepEqual(few(1, 399), ["duplicates"]);
  assert.deepEqual(few(9, 200), ["duplicates"]);
  assert.deepEqual(few(9, 100), ["duplicates", "openings"]);
  assert.deepEqual(few(9, 0), ["openings"]);
  const [line = ""] = said(diversity({ effectiveOpenings: 1.02 }));
  assert.match(line, /^Rows begin as if there were a single opening only \(first three words/);
});

Deno.test("change along the run is said where it is more than chance", () => {
  const parts = (of: (index: number) => Partial<DriftPart>): DriftPart[] =>
    Array.from({ length: 9 }, (_, index) => ({
      from: 40 * index,
      to: 40 * (index + 1),
      repeats: 0.02,
      distinct2: 0.8,
      medianWords: 12 + index % 2,
      ...of(index),
    }));
  assert.deepEqual(said(diversity({ drift: parts(() => ({})) })), []);
  assert.match(
    said(diversity({ drift: parts((index) => ({ repeats: index / 12 })) }))[0] ?? "",
    /^Rows repeat each other more along the run: 8\.3 % in its first parts, 58 % in its last \(49–67 %\)/,
  );
  const copied = { drift: parts((index) => ({ repeats: index / 12 })), exactDuplicates: 130 };
  assert.deepEqual(kinds(diversity(copied)), ["duplicates"]);
  assert.match(
    said(diversity({ drift: parts((index) => ({ medianWords: 20 - index })) }))[0] ?? "",
    /^Rows become shorter along the run: median 19 words at first, 13 at last/,
  );
  assert.deepEqual(
    said(diversity({ drift: parts((index) => ({ medianWords: 5 + 7 * (index % 3) })) })),
    [],
  );
  // Of few rows a part says little.
  const small = (index: number) => ({ from: 3 * index, to: 3 * index + 3, repeats: index / 12 });
  assert.deepEqual(said(diversity({ drift: parts(small) })), []);
  assert.deepEqual(said(diversity({ drift: parts(() => ({})).slice(0, 2) })), []);
});

Deno.test("a pair that was never seen is said where chance would hardly leave it out", () => {
  const coverage = (expected: number) => ({
    coverage: {
      ...soundFindings(ROWS).coverage,
      byAttributes: [{
        attributes: ["topic", "tone"] as [string, string],
        possible: 20,
        seen: 19,
        never: [{ values: ["Tickets", ""] as [string, string], expected }],
      }],
    },
  });
  assert.match(
    said(coverage(24))[0] ?? "",
    /^No ok row has topic "Tickets" with tone nothing: 24 were expected → see/,
  );
  assert.deepEqual(said(coverage(7)), []);
});

Deno.test("the worst three are said, each kind once, what isn't measured last", () => {
  const headline = (kind: Headline["kind"], severity: number, attribute: string | null = null) => ({
    kind,
    attribute,
    severity,
    says: "",
    next: "",
  });
  const chosen = (...all: Headline[]) => chosenHeadlines(all).map((each) => each.severity);
  assert.deepEqual(
    chosen(
      headline("phrase", 0.1),
      headline("unmeasured", 0),
      headline("length", 0.3),
      headline("lost", 0.2, "tone"),
      headline("drift", 0.05),
    ),
    [0.3, 0.2, 0.1],
  );
  assert.deepEqual(chosen(headline("unmeasured", 0), headline("length", 0.3)), [0.3, 0]);
  assert.deepEqual(chosen(headline("length", 0.01), headline("phrase", 0.014)), []);
  assert.deepEqual(
    chosen(
      headline("realised", 0.3, "tone"),
      headline("realised", 0.2, "topic"),
      headline("lost", 0.1, "tone"),
      headline("accepted", 0.25, "tone"),
    ),
    [0.3, 0.2, 0.1],
  );
});

Deno.test("nothing of a text acts on the terminal", () => {
  const [line = ""] = said(terms({ template: [template("\u001b[31m red\u202e", 0.3)] }));
  assert.match(line, /^"\\u001b\[31m red\\u202e" stands in/);
  const [value = ""] = said(losses(lost("\u009b1m" + "x".repeat(90), 80, 49), lost("", 320, 6)));
  assert.match(value, /tone "\\u009b1mx+…" were refused/);
});
