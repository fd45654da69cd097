import assert from "node:assert/strict";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/types.ts";
import { judge } from "../../src/judge/judge.ts";
import { judgeModel } from "../../src/judge/judge_model.ts";
import { runToJudge } from "../../src/judge/source.ts";
import {
  expectedFollowed,
  expectedJudged,
  expectedRealised,
} from "../../src/models/simulated/expected.ts";
import { profileOf } from "../../src/models/simulated/profiles.ts";
import { generate } from "../../src/run/generate.ts";
import { readRun } from "../../src/run/log/read.ts";
import { config, temporaryFolder } from "../run/fixtures.ts";
import { linesIn } from "./judging.ts";

const item = { score: 1, factor: 1, prompt: null, when: null };
const itemsOf = (...values: string[]) => values.map((value) => ({ ...item, value }));

/** Attributes and values that the simulated models have no words of their own for. */
const STRANGE = config({
  attributes: {
    mood: itemsOf("Wistful", "Smug", "Giddy", "Vred på systemet"),
    subject: itemsOf("Beekeeping", "Old maps", "Tidal power"),
    customer_type: itemsOf("Newcomer", "Regular", "Tradesman"),
  },
  length: { mean: 3.3, sigma: 0.1, shift: 5, max: null, draw: null },
});

/** What a profile writes and then says of its own texts: by row what was asked for, and the labels. */
async function rehearse(config: Config, { profile, rows }: { profile: string; rows: number }) {
  await using output = await temporaryFolder();
  const model = `simulated:${profile}`;
  await generate(config, { model, output: output.path, count: rows, run: "run" });
  const folder = join(output.path, "run");
  const run = await readRun(folder);
  const source = runToJudge(run);
  const { counts } = await judge(source, { model: judgeModel(source, { model }), sample: rows });
  const records = new Map((await Array.fromAsync(run.rows())).map((each) => [each.row, each]));
  const labels = (await linesIn(folder)).filter(({ label }) => label !== null)
    .map((label) => ({ ...label, requested: records.get(label.row)?.attributes ?? {} }));
  return { counts, labels };
}

/** Whether a count is what its probability makes likely: within four standard deviations. */
function isLikely(count: number, of: number, probability: number): boolean {
  return Math.abs(count - of * probability) <=
    4 * Math.sqrt(of * probability * (1 - probability)) + 1;
}

for (
  const [name, load] of [
    ["strange", () => Promise.resolve(STRANGE)],
    ["example", () => loadConfig("config")],
  ] as const
) {
  Deno.test(`a faithful model's judge agrees with what was asked for, in the ${name} config`, async () => {
    const { counts, labels } = await rehearse(await load(), { profile: "faithful", rows: 300 });
    assert.deepEqual([counts.open, counts.labelled + counts.unlabelled], [0, counts.questions]);
    for (const stem of new Set(labels.map(({ attribute }) => attribute))) {
      const own = labels.filter(({ attribute, requested, asked }) =>
        attribute === stem && (requested[stem] ?? "") !== "" &&
        (asked === undefined || asked === requested[stem])
      );
      const right = own.filter(({ label, asked, requested }) =>
        label === (asked === undefined ? requested[stem] : "yes")
      );
      // Texts of the example may be too short to show an attribute.
      const least = name === "strange" ? 0.95 : 0.85;
      assert(
        own.length > 50 && right.length >= least * own.length,
        `${stem}: ${right.length} of ${own.length}`,
      );
    }
  });
}

Deno.test("a leaky model's judge errs as is stated, over what the texts have become", async () => {
  const profile = profileOf("leaky");
  const { labels } = await rehearse(STRANGE, { profile: "leaky", rows: 900 });
  for (const stem of ["subject", "customer_type"]) {
    const attribute = stem === "subject" ? "topic" as const : "other" as const;
    const values = STRANGE.attributes[stem]!.map(({ value }) => value);
    const answers = [...values, "none", "other"];
    for (const value of values) {
      const own = labels.filter((label) =>
        label.attribute === stem && label.requested[stem] === value
      );
      const realised = expectedRealised(profile, { attribute, value });
      const expected = Object.entries(realised).reduce(
        (sum, [truth, share]) =>
          sum + share * (expectedJudged({ profile, truth, answers })[value] ?? 0),
        0,
      );
      const said = own.filter(({ label }) => label === value).length;
      assert(
        isLikely(said, own.length, expected),
        `${value}: ${said} of ${own.length}, ${expected}`,
      );
    }
  }
});

Deno.test("a leaky model's judge says how many texts follow their instruction, and imagines some", async () => {
  const profile = profileOf("leaky");
  const instructed = config({
    attributes: {
      topic: itemsOf("Tickets", "Delays"),
      instruction: itemsOf("Ask for a receipt", "Mention the weather", "Ask who is responsible"),
    },
    length: { mean: 3.3, sigma: 0.1, shift: 5, max: null, draw: null },
  });
  const { labels } = await rehearse(instructed, { profile: "leaky", rows: 600 });
  const { missed, imagined } = profile.judge.followed;
  const asked = labels.filter(({ attribute }) => attribute === "instruction");
  const own = asked.filter(({ asked, requested }) => asked === requested["instruction"]);
  const others = asked.filter(({ asked, requested }) => asked !== requested["instruction"]);
  const yes = (all: typeof asked) => all.filter(({ label }) => label === "yes").length;
  const followed = expectedFollowed(profile);
  const expected = followed * (1 - missed) + (1 - followed) * imagined;
  assert(isLikely(yes(own), own.length, expected), `${yes(own)} of ${own.length}, ${expected}`);
  assert(others.length > 100 && isLikely(yes(others), others.length, imagined));
});
