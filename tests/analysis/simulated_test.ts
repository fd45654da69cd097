import assert from "node:assert/strict";
import { attributeFindings } from "../../src/analysis/shares/attributes.ts";
import { corpusOf } from "../../src/analysis/reading/corpus.ts";
import { detectLanguages } from "../../src/analysis/shares/languages.ts";
import { lostShares } from "../../src/analysis/shares/lost.ts";
import { loadConfig } from "../../src/config/load.ts";
import { expectedOutcomes, expectedRealised } from "../../src/models/simulated/expected.ts";
import { profileOf } from "../../src/models/simulated/profiles.ts";
import { generate } from "../../src/run/generate.ts";
import { readRun } from "../../src/run/log/read.ts";
import { temporaryFolder } from "../run/fixtures.ts";

/** The findings on a run of the Nordic example. */
async function nordic(model: string) {
  const config = await loadConfig("config/nordic");
  await using folder = await temporaryFolder();
  const output = folder.path;
  const { run } = await generate(config, { model, count: 2000, output });
  const rows = [];
  for await (const row of (await readRun(run, { output })).rows()) rows.push(row);
  const reading = corpusOf(rows, { config });
  const labels = await detectLanguages(reading.corpus, { stem: "language", config });
  assert.ok(labels);
  const drawn = { seed: 1, sampling: "even" as const };
  const attributes = attributeFindings(reading, { config, drawn, labels: [labels] });
  return { attributes, lost: lostShares(reading) };
}

Deno.test("a run of the leaky simulated model has the languages and losses that are known of it", async () => {
  const profile = profileOf("leaky");
  const { attributes, lost } = await nordic("simulated:leaky");
  const { language, tone } = attributes;
  assert.ok(language && tone);
  for (const { value, realised } of language.values) {
    const expected = language.values.reduce((sum, asked) => {
      const out = expectedRealised(profile, { attribute: "language", value: asked.value });
      return sum + asked.requested * (out[value] ?? 0);
    }, 0);
    assert.ok(realised && realised.low <= expected && expected <= realised.high, value);
  }
  // A tenth of the Danish rows comes out in English.
  assert.ok(Math.abs((language.distance.realised ?? 0) - 0.035) < 0.01);
  assert.ok((language.noise95.realised ?? 1) < 0.01);
  assert.ok(language.test && language.test.p < 1e-6);
  assert.ok((language.other ?? 1) < 0.002);
  assert.ok(language.measuredRows > 1400 && language.measuredRows < 1900);

  const { ok } = expectedOutcomes(profile, { risky: false });
  const everyone = lost.filter(({ attribute }) => attribute === "language");
  const planned = everyone.reduce((sum, each) => sum + each.planned, 0);
  const share = everyone.reduce((sum, each) => sum + each.lost, 0) / planned;
  assert.equal(planned, 2000);
  assert.ok(Math.abs(share - (1 - ok)) < 3 * Math.sqrt(ok * (1 - ok) / planned), String(share));
  const covered = lost.filter(({ low, high }) => low <= 1 - ok && 1 - ok <= high);
  assert.ok(covered.length >= 0.85 * lost.length, `${covered.length} of ${lost.length}`);
  // Losses don't depend on what is asked here.
  assert.ok(tone.test && tone.test.p > 0.01);
});

Deno.test("a run of the faithful simulated model has nothing wrong with its languages", async () => {
  const { attributes, lost } = await nordic("simulated:faithful");
  const { language, station, topic } = attributes;
  assert.ok(language?.test && language.test.p > 0.05, JSON.stringify(language?.test));
  assert.ok((language.distance.realised ?? 1) <= (language.noise95.realised ?? 0));
  for (const each of [language, station, topic]) {
    assert.ok(each && (each.distance.accepted ?? 1) <= (each.noise95.accepted ?? 0));
  }
  assert.equal(station?.test?.p, 1);
  assert.ok(lost.every((each) => each.lost === 0));
});
