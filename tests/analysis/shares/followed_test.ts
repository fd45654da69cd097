import assert from "node:assert/strict";
import { type FollowedAnswers, followedShares } from "../../../src/analysis/shares/followed.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";

const INSTRUCTIONS = 5;
const ANSWERS = 600;

/** A judge that is right 85 times of 100; shares that are known; so many rows answered by hand. */
function worldOf(seed: number, byHand: number) {
  const random = openRandom("followed world", seed);
  const own = Array.from({ length: INSTRUCTIONS }, () => 0.3 + 0.65 * random());
  const unasked = Array.from({ length: INSTRUCTIONS }, () => 0.25 * random());
  const answers = Array.from({ length: ANSWERS }, (_, row): FollowedAnswers => {
    const isOwn = random() < 0.75;
    const place = Math.floor(random() * INSTRUCTIONS);
    const yes = random() < (isOwn ? own[place]! : unasked[place]!);
    return {
      asked: `Do ${place}`,
      isOwn,
      judge: { yes: random() < 0.85 ? yes : !yes, weight: 1 },
      person: row < byHand ? { yes, weight: 1 } : null,
    };
  });
  return { own, unasked, answers };
}

function trialOf(byHand: number) {
  let [held, error, all] = [0, 0, 0];
  for (let seed = 1; seed <= 15; seed++) {
    const { own, unasked, answers } = worldOf(seed, byHand);
    const { shares } = followedShares({ attribute: "extra", by: "judge:m", answers }, { seed });
    for (let place = 0; place < INSTRUCTIONS; place++) {
      const found = shares.get(`Do ${place}`);
      assert(found && found.unasked);
      for (
        const [share, truth] of [[found, own[place]!], [found.unasked, unasked[place]!]] as const
      ) {
        all++;
        error += Math.abs(share.share - truth);
        if (truth >= share.low && truth <= share.high) held++;
      }
    }
  }
  return { held: held / all, error: error / all };
}

Deno.test("followedShares() recovers who does what was asked, and who does it unasked", () => {
  const raw = trialOf(0);
  const { held, error } = trialOf(150);
  // 95 % less two standard errors of 150 intervals; over 120 other worlds it is 94 %.
  assert(held >= 0.91, `${held}`);
  assert(raw.held < 0.8, `${raw.held}`);
  assert(error < raw.error * 0.75, `${error} against ${raw.error}`);
});

Deno.test("followedShares() weights answers back by the chances of their rows", () => {
  const answer = (yes: boolean, weight: number): FollowedAnswers => ({
    asked: "Be short",
    isOwn: true,
    judge: { yes, weight },
    person: null,
  });
  // 60 rows drawn always follow it, 20 that stand for nine each don't.
  const answers = [
    ...Array.from({ length: 60 }, () => answer(true, 1)),
    ...Array.from({ length: 20 }, () => answer(false, 9)),
  ];
  const { shares, by, rows, corrected } = followedShares({
    attribute: "x",
    by: "judge:m",
    answers,
  });
  const short = shares.get("Be short");
  assert(short && Math.abs(short.share - 0.25) < 1e-9);
  // As wide as of 34 rows, not of 80.
  assert(short.low < 0.14 && short.high > 0.4, `${short.low}, ${short.high}`);
  assert.deepEqual([by, rows, corrected, short.unasked], ["judge:m", 80, 0, null]);
});

Deno.test("followedShares() takes answers of a person beside a judge, of rows not judged too", () => {
  const answers = Array.from({ length: 60 }, (_, row): FollowedAnswers => ({
    asked: "Be short",
    isOwn: true,
    // The judge says yes to all, the person no to all of the others.
    judge: row < 30 ? { yes: true, weight: 1 } : null,
    person: row < 30 ? null : { yes: false, weight: 1 },
  }));
  const { shares, corrected } = followedShares({ attribute: "x", by: "judge:m", answers });
  assert.equal(corrected, 30);
  assert((shares.get("Be short")?.share ?? 1) < 0.3, `${shares.get("Be short")?.share}`);
});
