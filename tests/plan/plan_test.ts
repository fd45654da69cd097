import assert from "node:assert/strict";
import type { Config } from "../../src/config/types.ts";
import { UserError } from "../../src/error.ts";
import { marginals } from "../../src/plan/marginals.ts";
import { plan } from "../../src/plan/plan.ts";
import type { PlannedRow } from "../../src/plan/types.ts";
import { chiSquareZ, configOf, EQUAL_28, item, scored, SKEWED_28 } from "./configs.ts";

const BOTH = ["even", "independent"] as const;
const length = { mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null };

/** A bank in small: a topic that depends on the language, and a tone that depends on the topic. */
const bank: Config["attributes"] = {
  language: [item("English", { score: 3 }), item("Swedish", { score: 1 })],
  tone: [
    item("", { score: 5 }),
    item("Worried", { score: 3, when: { topic: ["Loan", "Mortgage"] } }),
    item("Glad", { score: 2, when: { topic: ["Swish"], language: ["Swedish"] } }),
  ],
  topic: [
    item("Loan", { score: 4 }),
    item("Mortgage", { score: 1 }),
    item("Swish", { score: 5, when: { language: ["Swedish"] } }),
  ],
};

function rowsOf(
  config: Config,
  options: Parameters<typeof plan>[1] & { rows: number },
): PlannedRow[] {
  const draw = plan(config, options);
  return Array.from({ length: options.rows }, (_, row) => draw(row));
}

/** Row, language, topic, words: as planned by seed 1. */
// deno-fmt-ignore
const GOLDEN_EVEN: [number, string, string, number][] = [
    [0, "English", "v1", 10],
    [1, "Swedish", "v1", 12],
    [2, "English", "v3", 69],
    [3, "English", "v7", 13],
    [17, "Swedish", "v0", 5],
    [4096, "English", "v21", 29],
    [99999, "Swedish", "v0", 6],
    [4000000001, "English", "v2", 13],
    [9007199254740991, "English", "v2", 20],
];
// deno-fmt-ignore
const GOLDEN_INDEPENDENT: [number, string, string, number][] = [
    [0, "Swedish", "v0", 15],
    [1, "Swedish", "v0", 6],
    [2, "English", "v0", 12],
    [3, "Swedish", "v0", 23],
    [17, "English", "v11", 5],
    [4096, "Swedish", "v0", 8],
    [99999, "English", "v1", 18],
    [4000000001, "English", "v25", 13],
    [9007199254740991, "English", "v0", 21],
];

/** How often each value of an attribute came, in the config's order. */
function countsOf(config: Config, rows: PlannedRow[], stem: string): number[] {
  const counts = new Map(config.attributes[stem]!.map(({ value }) => [value, 0]));
  for (const { attributes } of rows) {
    counts.set(attributes[stem]!, counts.get(attributes[stem]!)! + 1);
  }
  return [...counts.values()];
}

Deno.test("the draws never change", () => {
  const attributes = { language: bank["language"]!, topic: scored(SKEWED_28) };
  const golden = { even: GOLDEN_EVEN, independent: GOLDEN_INDEPENDENT };
  for (const sampling of BOTH) {
    const draw = plan(configOf(attributes, length), { seed: 1, sampling });
    for (const [row, language, topic, requestedWords] of golden[sampling]) {
      assert.deepEqual(draw(row), { row, attributes: { language, topic }, requestedWords });
    }
  }
});

Deno.test("a planned row names its row, its attributes in the config's order, and its words", () => {
  const row = plan(configOf(bank, length), { seed: 1, sampling: "even" })(3);
  assert.deepEqual(Object.keys(row), ["row", "attributes", "requestedWords"]);
  assert.deepEqual(Object.keys(row.attributes), ["language", "tone", "topic"]);
  assert.equal(plan(configOf(bank), { seed: 1, sampling: "even" })(3).requestedWords, null);
});

for (const sampling of BOTH) {
  Deno.test(`a row has the same draws in any order of calls, ${sampling}`, () => {
    const config = configOf(bank, length);
    const inOrder = rowsOf(config, { seed: 7, sampling, rows: 300 });
    const draw = plan(config, { seed: 7, sampling });
    for (let i = 299; i >= 0; i--) assert.deepEqual(draw(i * 7 % 300), inOrder[i * 7 % 300]);
    // Calls of a second plan in between change nothing.
    const other = plan(config, { seed: 8, sampling });
    assert.notDeepEqual([1, 2, 3, 4, 5, 6].map(other), [1, 2, 3, 4, 5, 6].map(draw));
    assert.deepEqual(draw(150), inOrder[150]);
  });

  Deno.test(`another attribute leaves the draws of the others alone, ${sampling}`, () => {
    const before = rowsOf(configOf({ topic: scored(SKEWED_28) }, length), {
      seed: 1,
      sampling,
      rows: 500,
    });
    const more = { length: scored([1, 2]), mood: scored([1, 2, 3]), topic: scored(SKEWED_28) };
    const after = rowsOf(configOf(more, length), { seed: 1, sampling, rows: 500 });
    for (const [row, { attributes, requestedWords }] of before.entries()) {
      assert.equal(after[row]!.attributes["topic"], attributes["topic"]);
      assert.equal(after[row]!.requestedWords, requestedWords);
    }
  });

  Deno.test(`values come by their shares, ${sampling}`, () => {
    const rows = 20_000;
    for (const scores of [EQUAL_28, SKEWED_28]) {
      const config = configOf({ topic: scored(scores) });
      const total = scores.reduce((sum, score) => sum + score, 0);
      const expected = scores.map((score) => score / total * rows);
      const zs = [0, 1, 2, 3].map((seed) =>
        chiSquareZ(
          countsOf(config, rowsOf(config, { seed, sampling, rows }), "topic"),
          expected,
          27,
        )
      );
      // Even draws lie far below the noise of independent ones: a chi-square near 0, z = -3.67.
      assert.ok(
        zs.every((z) => sampling === "even" ? z < -3 : Math.abs(z) < 3.5),
        zs.join(" "),
      );
    }
  });

  Deno.test(`a value with score or factor 0 never comes, wherever it stands, ${sampling}`, () => {
    const topic = [
      item("first", { score: 0 }),
      item("a"),
      item("between", { factor: 0 }),
      item("b"),
      item("last", { score: 0 }),
    ];
    const config = configOf({ topic });
    const counts = countsOf(config, rowsOf(config, { seed: 1, sampling, rows: 5000 }), "topic");
    assert.deepEqual([counts[0], counts[2], counts[4]], [0, 0, 0]);
    assert.ok(Math.abs(counts[1]! - 2500) < 180);
  });

  Deno.test(`a draw factor multiplies how often a value comes, ${sampling}`, () => {
    const tone = [item("Angry", { score: 10, factor: 3 }), item("Calm", { score: 70 })];
    const config = configOf({ tone });
    const [angry] = countsOf(config, rowsOf(config, { seed: 1, sampling, rows: 10_000 }), "tone");
    assert.ok(Math.abs(angry! - 3000) < 200, `${angry}`);
  });

  Deno.test(`a value comes only where its "when" holds, ${sampling}`, () => {
    const rows = rowsOf(configOf(bank), { seed: 1, sampling, rows: 5000 });
    let glad = 0;
    for (const { attributes: { language, topic, tone } } of rows) {
      if (topic === "Swish") assert.equal(language, "Swedish");
      if (tone === "Worried") assert.ok(topic === "Loan" || topic === "Mortgage");
      if (tone !== "Glad") continue;
      assert.deepEqual([topic, language], ["Swish", "Swedish"]);
      glad++;
    }
    assert.ok(glad > 100);
  });

  Deno.test(`what a "when" leaves is drawn by its renormalised weights, ${sampling}`, () => {
    const config = configOf(bank);
    const rows = rowsOf(config, { seed: 1, sampling, rows: 20_000 });
    const english = rows.filter(({ attributes }) => attributes["language"] === "English");
    const loans = english.filter(({ attributes }) => attributes["topic"] === "Loan");
    assert.ok(Math.abs(loans.length / english.length - 0.8) < 0.015);
    const worried = loans.filter(({ attributes }) => attributes["tone"] === "Worried");
    assert.ok(Math.abs(worried.length / loans.length - 3 / 8) < 0.02);
    for (const stem of Object.keys(bank)) {
      const shares = marginals(config, { weights: "draw" })[stem]!;
      for (const [i, count] of countsOf(config, rows, stem).entries()) {
        const { share } = shares[i]!;
        assert.ok(
          Math.abs(count - share * 20_000) < 4 * Math.sqrt(20_000 * share * (1 - share)),
          `${stem} ${shares[i]!.value}: ${count} for a share of ${share}`,
        );
      }
    }
  });
}

Deno.test("even counts stay within 8 rows of their share up to 20,000 rows", () => {
  for (const scores of [EQUAL_28, SKEWED_28, [1, 1], [1, 9, 90]]) {
    const total = scores.reduce((sum, score) => sum + score, 0);
    for (const seed of [1, 2, 3]) {
      const draw = plan(configOf({ topic: scored(scores) }), { seed, sampling: "even" });
      const counts = new Float64Array(scores.length);
      for (let row = 0; row < 20_000; row++) {
        counts[Number(draw(row).attributes["topic"]!.slice(1))]! += 1;
        if (row % 37 !== 0) continue;
        for (const [i, score] of scores.entries()) {
          const off = Math.abs(counts[i]! - score / total * (row + 1));
          assert.ok(off < 9, `seed ${seed}, value ${i} of ${scores.length}, row ${row}: ${off}`);
        }
      }
    }
  }
});

Deno.test("rows that count from 4,000,000,000 are planned and even in their own run", () => {
  const draw = plan(configOf({ topic: scored(EQUAL_28) }), { seed: 1, sampling: "even" });
  const counts = new Float64Array(28);
  let same = 0;
  for (let row = 0; row < 2800; row++) {
    const far = draw(4_000_000_000 + row);
    assert.equal(far.row, 4_000_000_000 + row);
    counts[Number(far.attributes["topic"]!.slice(1))]! += 1;
    // Nor are they rows 0, 1, … again, whole or by their lower 32 bits.
    if (far.attributes["topic"] === draw(row).attributes["topic"]) same++;
    if (far.attributes["topic"] === draw((4_000_000_000 + row) % 2 ** 30).attributes["topic"]) {
      same++;
    }
  }
  for (const count of counts) assert.ok(Math.abs(count - 100) < 9, `${count}`);
  assert.ok(Math.abs(same - 200) < 60, `${same}`);
});

Deno.test("seeds beyond 32 bits count in full", () => {
  const config = configOf({ topic: scored(EQUAL_28) });
  const topics = [1, 2 ** 32 + 1, 2 ** 52 + 1, -1, 0].map((seed) =>
    rowsOf(config, { seed, sampling: "even", rows: 20 }).map((row) => row.attributes["topic"])
      .join()
  );
  assert.equal(new Set(topics).size, topics.length);
});

Deno.test("scores of any size are drawn by their proportions", () => {
  for (const scale of [1e-320, 1e308]) {
    const config = configOf({
      topic: [item("a", { score: scale }), item("b", { score: scale / 2 })],
    });
    const counts = countsOf(
      config,
      rowsOf(config, { seed: 1, sampling: "even", rows: 3000 }),
      "topic",
    );
    assert.ok(Math.abs(counts[0]! - 2000) < 9, `${counts}`);
  }
});

Deno.test("what isn't a row number is refused", () => {
  const draw = plan(configOf(bank), { seed: 1, sampling: "even" });
  for (const row of [-1, 0.5, NaN, 2 ** 53]) assert.throws(() => draw(row), RangeError);
  assert.throws(() => plan(configOf(bank), { seed: 0.5, sampling: "even" }), RangeError);
});

Deno.test("a config that leaves nothing to draw is the user's mistake, and the file is named", () => {
  const start = (attributes: Config["attributes"]) =>
    plan(configOf(attributes), { seed: 1, sampling: "even" });
  assert.throws(() => start({ tone: [item("a", { score: 0 })] }), isUserError(/tone\.json/));
  assert.throws(() => start({ tone: [item("a", { factor: 0 })] }), isUserError(/draw factor/));
  assert.throws(
    () => start({ tone: [item("a", { when: { topik: ["x"] } })], topic: [item("x")] }),
    isUserError(/tone\.json.*"topik".*tone, topic/),
  );
  assert.throws(
    () => start({ a: [item("x", { when: { b: ["y"] } })], b: [item("y", { when: { a: ["x"] } })] }),
    isUserError(/circle: a, b/),
  );
  const gap = start({ a: [item("x", { when: { b: ["never"] } })], b: [item("y"), item("never")] });
  assert.throws(() => {
    for (let row = 0; row < 50; row++) gap(row);
  }, isUserError(/a\.json.*"when"/));
});

function isUserError(message: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof UserError && error.exitCode === 2 && message.test(error.message);
}
