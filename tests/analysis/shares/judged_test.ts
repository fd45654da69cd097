import assert from "node:assert/strict";
import type { AttributeFindings } from "../../../src/analysis/findings.ts";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import { attributeFindings } from "../../../src/analysis/shares/attributes.ts";
import { labelsOfRows } from "../../../src/analysis/shares/labels_of_rows.ts";
import { sampleOf } from "../../../src/judge/sample.ts";
import { plan } from "../../../src/plan/plan.ts";
import type { Label } from "../../../src/run/log/labels.ts";
import { totalVariation } from "../../../src/stats/distance.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { configOf, item } from "../../plan/configs.ts";

const VALUES = ["Calm", "Sad", "Angry", "Worried"];
const CONFIG = configOf({ tone: VALUES.map((value, i) => item(value, { score: i + 1 })) });
const CLASSES = [...VALUES, "none", "other"];
const AT = "2026-01-31T12:00:00Z";

interface World {
  rows?: number;
  judged?: number;
  byHand: number;
  /** Share of texts that the judge calls something else. */
  error?: number;
  /** Share of texts that come out as Worried whatever was asked. */
  leak?: number;
  /** Share of texts that have changed places with others, so that all shares are as wanted. */
  swapped?: number;
  /** Share of rows asked to be Sad that are refused. */
  lost?: number;
}

/** A run with a known truth, labelled by a judge with a known error and by a person. */
function worldOf(seed: number, options: World): { tone: AttributeFindings; truth: number[] } {
  const { rows = 1200, judged = 500, error = 0.15, leak = 0, swapped = 0, lost = 0 } = options;
  const random = openRandom("judged world", seed);
  const drawn = { seed, sampling: "even" as const };
  const ask = plan(CONFIG, drawn);
  const asked = Array.from({ length: rows }, (_, row) => {
    const tone = ask(row).attributes.tone ?? "";
    const isLost = tone === "Sad" && random() < lost;
    return {
      text: "Hi",
      attributes: { tone },
      outcome: isLost ? "refused" as const : "ok" as const,
    };
  });
  const real = asked.map(({ attributes }) =>
    random() < leak ? VALUES.length - 1 : VALUES.indexOf(attributes.tone)
  );
  for (let row = 0; row < rows; row++) {
    if (random() >= swapped) continue;
    const other = Math.floor(random() * rows);
    [real[row], real[other]] = [real[other]!, real[row]!];
  }
  const reading = corpusOf(asked, { config: CONFIG });
  const ok = asked.flatMap(({ outcome, attributes: { tone } }, row) =>
    outcome === "ok" ? [{ row, values: [tone] }] : []
  );
  const sample = sampleOf(ok, { size: judged, seed });
  const label = (row: number, said: number, by: string, p: number): Label => ({
    row,
    attribute: "tone",
    label: CLASSES[said]!,
    by,
    sample: "stratified",
    p,
    at: AT,
  });
  const labels = sample.map(({ row, p }) => {
    const said = random() < error ? Math.floor(random() * CLASSES.length) : real[row]!;
    return label(row, said, "judge:openai:m", p);
  });
  const byHand = sample.map((each) => ({ each, u: random() })).sort((a, b) => a.u - b.u)
    .slice(0, options.byHand)
    .map(({ each: { row, p } }) => label(row, real[row]!, "person", p * options.byHand / judged));
  const { realised } = labelsOfRows(reading.corpus, [{ run: 0, labels: [...labels, ...byHand] }]);
  const { tone } = attributeFindings(reading, { config: CONFIG, drawn, labels: realised, seed });
  assert.ok(tone);
  const truth = VALUES.map((_, k) => ok.filter(({ row }) => real[row] === k).length / ok.length);
  return { tone, truth };
}

Deno.test("a judge's labels that a person corrects give shares, their errors, and what requests become", () => {
  const runs = 12;
  let [held, error, raw, off] = [0, 0, 0, 0];
  for (let seed = 1; seed <= runs; seed++) {
    const options = { leak: 0.2 };
    const { tone, truth } = worldOf(seed, { ...options, byHand: 200 });
    const alone = worldOf(seed, { ...options, byHand: 0 }).tone;
    const shares = (found: AttributeFindings) =>
      found.values.map(({ realised }) => realised?.share ?? 0);
    for (const [k, { realised }] of tone.values.entries()) {
      if (realised && truth[k]! >= realised.low && truth[k]! <= realised.high) held++;
    }
    error += totalVariation(shares(tone), truth) / runs;
    raw += totalVariation(shares(alone), truth) / runs;
    if (totalVariation(shares(tone), truth) > (tone.error95 ?? 0)) off++;
    assert(
      (tone.test?.p ?? 1) < 0.001 && (tone.distance.realised ?? 0) > (tone.noise95.realised ?? 1),
    );
    assert.equal(alone.test, null);
    // What is off by a sixth may as well be the judge's mistakes.
    assert((alone.distance.realised ?? 1) < (alone.noise95.realised ?? 0));
  }
  assert(held / (4 * runs) >= 0.9, `${held}`);
  assert(error < raw / 2, `${error} against ${raw}`);
  assert(off <= 3, `${off}`);
});

Deno.test("the test by pair rejects few of the runs whose shares are as wanted", () => {
  const runs = 20;
  let [rejected, beyond] = [0, 0];
  for (let seed = 1; seed <= runs; seed++) {
    const { tone } = worldOf(seed, { swapped: 0.25, byHand: 200 });
    if ((tone.test?.p ?? 1) < 0.05) rejected++;
    if ((tone.distance.realised ?? 1) > (tone.noise95.realised ?? 0)) beyond++;
  }
  // 5 % and two standard errors.
  assert(rejected <= 3, `${rejected}`);
  assert(beyond <= 3, `${beyond}`);
});

Deno.test("findings say who judged, how many labels stand behind it, and how many would be worth it", () => {
  const { tone } = worldOf(1, { leak: 0.3, byHand: 120 });
  assert.deepEqual([tone.measuredBy, tone.measuredRows, tone.corrected, tone.worth], [
    "judge:openai:m",
    500,
    120,
    null,
  ]);
  assert.deepEqual(tone.kernel?.values, VALUES);
  assert.deepEqual(tone.kernel.classes, CLASSES);
  const sad = tone.kernel.shares[1] ?? [];
  assert(Math.abs(sad.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
  assert(Math.abs((sad[3] ?? 0) - 0.3) < 0.1, `${sad[3]}`);
  // The confusion is the kernel's, with intervals.
  const rows = tone.confusion?.filter(({ requested }) => requested === "Sad") ?? [];
  const all = rows.reduce((sum, cell) => sum + cell.rows, 0);
  const worried = rows.find(({ realised }) => realised === "Worried");
  assert(worried && Math.abs(worried.rows / all - (sad[3] ?? 0)) < 0.01);
  assert((worried.low ?? 1) < 0.3 && (worried.high ?? 0) > 0.3);

  const alone = worldOf(1, { leak: 0.3, byHand: 0 }).tone;
  assert.deepEqual([alone.corrected, alone.worth, alone.kernel], [0, 100, null]);
  // As if the judge were always right: how many rows it judged is all that makes it err.
  assert((alone.error95 ?? 1) < 0.1);
});

Deno.test("draw noise, losses and drift are told apart", () => {
  const drifted = worldOf(1, { leak: 0.3, byHand: 200, error: 0.05 }).tone.parts;
  assert(
    drifted && (drifted.drift ?? 0) > 0.12 && (drifted.draw ?? 1) < 0.01 && drifted.loss === 0,
  );
  const lost = worldOf(1, { lost: 0.5, byHand: 200, error: 0.05 }).tone.parts;
  assert(lost && (lost.drift ?? 1) < 0.03 && (lost.loss ?? 0) > 0.05 && (lost.draw ?? 1) < 0.01);
  assert.equal(worldOf(1, { byHand: 0 }).tone.parts?.drift, null);
});

Deno.test("labels count by the chances of their rows, where rare rows are judged worse than others", () => {
  const runs = 6;
  let [error, unweighted] = [0, 0];
  for (let seed = 1; seed <= runs; seed++) {
    const random = openRandom("unlike rows", seed);
    // One row in twelve is of a rare kind, that is drawn ten times as often and often judged Angry.
    const rows = Array.from({ length: 3000 }, (_, row) => {
      const isRare = random() < 1 / 12;
      const tone = VALUES[Math.floor(random() * VALUES.length)]!;
      const real = random() < (isRare ? 0.5 : 0.05) ? "Calm" : tone;
      return { row, tone, real, said: random() < (isRare ? 0.5 : 0.05) ? "Angry" : real, isRare };
    });
    const reading = corpusOf(rows.map(({ tone }) => ({ text: "Hi", attributes: { tone } })));
    const labels = rows.flatMap(({ row, real, said, isRare }) => {
      const p = isRare ? 0.8 : 0.08;
      if (random() >= p) return [];
      const label = { row, attribute: "tone", sample: "stratified" as const, p, at: AT };
      const judge = { ...label, label: said, by: "judge:m" };
      return random() < 0.4
        ? [judge, { ...label, label: real, by: "person", p: p * 0.4 }]
        : [judge];
    });
    const offBy = (own: Label[]) => {
      const { realised } = labelsOfRows(reading.corpus, [{ run: 0, labels: own }]);
      const options = { config: null, drawn: null, labels: realised, seed };
      const found = attributeFindings(reading, options).tone?.values ?? [];
      return found.reduce((sum, { value, realised }) => {
        const truth = rows.filter(({ real }) => real === value).length / rows.length;
        return sum + Math.abs((realised?.share ?? 0) - truth) / 2;
      }, 0);
    };
    error += offBy(labels) / runs;
    unweighted += offBy(labels.map((label) => ({ ...label, p: 1 }))) / runs;
  }
  assert(error < unweighted * 0.6, `${error} against ${unweighted}`);
});
