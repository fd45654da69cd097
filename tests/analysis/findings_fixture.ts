import type { Findings } from "../../src/analysis/findings.ts";

/** Findings of so many ok rows with which nothing is wrong. */
export function soundFindings(rows: number, fields: Partial<Findings> = {}): Findings {
  const none = { refused: 0, filtered: 0, truncated: 0, empty: 0, failed: 0, pending: 0 };
  return {
    made: { at: "2026-01-31T12:00:00.000Z", plumbline: "0.1.0", from: ["metro"], files: [] },
    rows: { planned: rows, ok: rows, ...none },
    languages: [{ language: "en", rows }],
    attributes: {},
    length: null,
    terms: { template: [], byValue: [], openings: [], endings: [], reference: null },
    diversity: {
      exactDuplicates: 0,
      nearDuplicates: { clusters: 0, rows: 0, largest: [] },
      distinct: { 1: 0.3, 2: 0.7, 3: 0.9, per: 10_000 },
      effectiveOpenings: 120,
      entropy: {
        words: 8,
        unit: "bits",
        openings: 7,
        wordsMost: 10,
        openingsMost: 9,
        atWords: 10_000,
        atRows: rows,
      },
      compression: 3,
      compressedBytes: 50_000,
      selfRepetition: 0.5,
      drift: [],
    },
    lost: [],
    coverage: {
      pairs: { possible: 20, seen: 20 },
      byAttributes: [],
      lengthTail: [],
      smallest: [],
      needed: { values: null, pairs: null },
    },
    ...fields,
  };
}
