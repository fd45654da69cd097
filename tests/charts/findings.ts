import type {
  AttributeFindings,
  Findings,
  LengthFindings,
  TemplateTerm,
  ValueTerm,
} from "../../src/analysis/findings.ts";

/** Findings of a run of which everything was measured: 2,000 rows, 60 of them lost. */
export const FINDINGS: Findings = {
  made: { at: "2026-01-31T12:00:00.000Z", plumbline: "0.1.0", from: ["metro-1"], files: [] },
  rows: {
    planned: 2_000,
    ok: 1_940,
    refused: 40,
    filtered: 5,
    truncated: 5,
    empty: 10,
    failed: 0,
    pending: 0,
  },
  languages: [{ language: "en", rows: 1_500 }, { language: "da", rows: 440 }],
  attributes: {
    topic: unmeasured({ "Car loan": 0.5, "Lost card": 0.3, "Apple Pay": 0.2 }),
    tone: measured(),
  },
  length: lengthFindings(),
  terms: {
    template: [
      templateTerm("could you please", { share: 0.28, low: 0.24, score: 0.21 }),
      templateTerm("i was wondering", { share: 0.12, low: 0.09, score: 0.08 }),
      templateTerm("thanks", { share: 0.1, low: 0.08, score: 0.02 }),
    ],
    byValue: [
      valueTerm("visa", { value: "Lost card", lrc: 3, verdict: "topical" }),
      valueTerm("car", { value: "Car loan", lrc: 5.2, verdict: "echo" }),
      valueTerm("now", { attribute: "tone", value: "Angry", lrc: 0.4, verdict: "mixed" }),
    ],
    openings: [
      { term: "could you", n: 2, rows: 700, share: 0.36, low: 0.34, high: 0.38 },
      { term: "could you please", n: 3, rows: 543, share: 0.28, low: 0.26, high: 0.3 },
      { term: "i was wondering", n: 3, rows: 194, share: 0.1, low: 0.09, high: 0.11 },
    ],
    endings: [{ term: "as soon as", n: 3, rows: 97, share: 0.05, low: 0.041, high: 0.061 }],
    reference: {
      name: "subtitles",
      language: "en",
      languageShare: 0.77,
      caveat: "Films speak otherwise than people write to an assistant.",
      words: 51_000_000,
      terms: [
        { term: "loan", rows: 400, count: 420, perMillion: 12_000, reference: 9.3, lrc: 8.1 },
        { term: "please", rows: 700, count: 800, perMillion: 22_000, reference: 900, lrc: 4.2 },
      ],
    },
  },
  diversity: {
    exactDuplicates: 12,
    nearDuplicates: {
      clusters: 3,
      rows: 31,
      largest: [
        { size: 20, rows: [{ row: 1 }, { row: 2 }], text: "Could you please help me with a loan?" },
        { size: 8, rows: [{ row: 5 }], text: "What does it cost?" },
      ],
    },
    distinct: { "1": 0.2, "2": 0.6, "3": 0.8, per: 1_000 },
    effectiveOpenings: 143.2,
    entropy: {
      words: 9.1,
      unit: "bits",
      openings: 7.2,
      wordsMost: 11,
      openingsMost: 10,
      atWords: 10_000,
      atRows: 1_000,
    },
    compression: 3.4,
    compressedBytes: 100_000,
    selfRepetition: 1.2,
    drift: Array.from({ length: 5 }, (_, i) => ({
      from: i * 388,
      to: (i + 1) * 388,
      repeats: 0.01 + 0.03 * i,
      distinct2: 0.7 - 0.05 * i,
      medianWords: 14 - i,
    })),
  },
  lost: [
    lostShare("Lost card", { planned: 600, lost: 45, low: 0.056, high: 0.099 }),
    lostShare("Car loan", { planned: 1_000, lost: 11, low: 0.006, high: 0.02 }),
    lostShare("Apple Pay", { planned: 400, lost: 4, low: 0.004, high: 0.025 }),
  ],
  coverage: {
    pairs: { possible: 9, seen: 7 },
    byAttributes: [{
      attributes: ["topic", "tone"],
      possible: 9,
      seen: 7,
      never: [
        { values: ["Apple Pay", "Angry"], expected: 3.2 },
        { values: ["Lost card", ""], expected: 0.4 },
      ],
    }],
    lengthTail: [
      { p: 0.95, words: 43, expected: 97, asked: 95, got: 31 },
      { p: 0.99, words: 71, expected: 19.4, asked: 20, got: 2 },
    ],
    smallest: [
      { attribute: "tone", value: "Angry", rows: 6, expected: 97 },
      { attribute: "topic", value: "Apple Pay", rows: 396, expected: 388 },
    ],
    needed: { values: 3_300, pairs: 5_200 },
  },
};

/** An attribute that comes out otherwise than wanted, as a judge has found. */
export function measured(): AttributeFindings {
  const value = (
    value: string,
    shares: { target: number; requested: number; came: [number, number, number] | null },
  ) => ({
    value,
    target: shares.target,
    requested: shares.requested,
    accepted: shares.requested,
    realised: shares.came === null ? null : {
      share: shares.came[0],
      low: shares.came[1],
      high: shares.came[2],
      target: shares.target / 0.8,
    },
  });
  return {
    values: [
      value("Neutral", { target: 0.48, requested: 0.48, came: [0.66, 0.62, 0.7] }),
      value("Angry", { target: 0.12, requested: 0.12, came: [0.07, 0.05, 0.09] }),
      value("Friendly", { target: 0.2, requested: 0.2, came: [0.25, 0.22, 0.28] }),
      value("", { target: 0.2, requested: 0.2, came: null }),
    ],
    other: 0.02,
    distance: { requested: 0.001, accepted: 0.01, realised: 0.08 },
    noiseFloor: { requested: 0.001, accepted: 0.002, realised: 0.03 },
    noise95: { requested: 0.002, accepted: 0.004, realised: 0.05 },
    test: null,
    measuredBy: "judge:gpt-4.1-mini",
    measuredRows: 600,
    corrected: 120,
    confusion: [
      { requested: "Angry", realised: "Angry", rows: 40 },
      { requested: "Angry", realised: "Neutral", rows: 50 },
      { requested: "Angry", realised: "Friendly", rows: 10 },
      { requested: "Neutral", realised: "Neutral", rows: 300 },
      { requested: "", realised: "Neutral", rows: 50 },
    ],
  };
}

/** An attribute of which only what was asked for is known; ok rows come out as wanted. */
export function unmeasured(targets: Record<string, number>): AttributeFindings {
  return {
    values: Object.entries(targets).map(([value, target]) => ({
      value,
      target,
      requested: target,
      accepted: target,
      realised: null,
    })),
    other: null,
    distance: { requested: 0.001, accepted: 0.003, realised: null },
    noiseFloor: { requested: 0.001, accepted: 0.002, realised: null },
    noise95: { requested: 0.002, accepted: 0.004, realised: null },
    test: null,
    measuredBy: null,
    measuredRows: 0,
    confusion: null,
  };
}

/** Lengths of which the long ones come out short. */
export function lengthFindings(): LengthFindings {
  const target = { mean: 2.5, sigma: 0.75, shift: 2, max: null };
  return {
    target,
    requested: { w1: 0.2, ks: 0.01, low: 0.1, high: 0.4, p: null },
    realised: { w1: 4.1, ks: 0.2, low: 3.6, high: 4.6, p: null },
    fit: { mean: 2.3, sigma: 0.5, shift: 2 },
    ratio: { median: 0.84, q25: 0.6, q75: 1.1 },
    onTarget: 0.31,
    onTargetInterval: { low: 0.27, high: 0.36 },
    byRequest: [
      { from: 3, to: 6, rows: 200, asked: 5, got: 8, q25: 6, q75: 10 },
      { from: 7, to: 20, rows: 600, asked: 13, got: 13, q25: 9, q75: 15 },
      { from: 21, to: 90, rows: 200, asked: 40, got: 24, q25: 20, q75: 31 },
    ],
    quantiles: [0.05, 0.25, 0.5, 0.75, 0.95, 0.99].map((p, i) => ({
      p,
      target: [5, 9, 14, 22, 43, 72][i] ?? 0,
      requested: [5, 9, 14, 22, 43, 71][i] ?? 0,
      realised: [6, 9, 12, 17, 28, 37][i] ?? 0,
    })),
    rows: 1_000,
  };
}

/** A term in whatever was asked. */
export function templateTerm(
  term: string,
  of: Pick<TemplateTerm, "share" | "low" | "score">,
): TemplateTerm {
  return {
    term,
    n: term.split(" ").length,
    rows: Math.round(of.share * 1_940),
    language: "en",
    languageShare: of.share,
    examples: [{ row: 3 }],
    ...of,
  };
}

/** A term that a value brings about. */
export function valueTerm(
  term: string,
  of: Pick<ValueTerm, "value" | "lrc" | "verdict"> & { attribute?: string },
): ValueTerm {
  return {
    term,
    attribute: "topic",
    rows: 120,
    share: 0.31,
    others: 0.01,
    q: 0.001,
    v: 0.3,
    ...of,
  };
}

function lostShare(
  value: string,
  of: { planned: number; lost: number; low: number; high: number },
): Findings["lost"][number] {
  return {
    attribute: "topic",
    value,
    share: of.lost / of.planned,
    by: { refused: of.lost, filtered: 0, empty: 0, truncated: 0 },
    ...of,
  };
}
