import assert from "node:assert/strict";
import { meantWords } from "../../../src/analysis/sameness/typos.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { corpusFrom, oneOf } from "./corpora.ts";

/** Words that are taken for others, of texts of a word each. */
function mended(words: readonly string[]): Record<string, string> {
  const corpus = corpusFrom(words);
  const meant = meantWords(corpus);
  return Object.fromEntries(
    corpus.vocabulary.flatMap((word, i) =>
      meant[i] === i ? [] : [[word, corpus.vocabulary[meant[i]!]!]]
    ),
  );
}

function often(word: string, times: number): string[] {
  return Array<string>(times).fill(word);
}

Deno.test("meantWords() mends a letter added, left out, changed, or exchanged with its neighbour", () => {
  const typos = ["bicyccle", "bycicle", "bicyle", "bicucle", "bicyclee"];
  const { bycicle, ...others } = mended([...often("bicycle", 30), ...often("bycle", 2), ...typos]);
  assert.deepEqual(others, {
    bicyccle: "bicycle",
    bicyle: "bicycle",
    bicucle: "bicycle",
    bicyclee: "bicycle",
  });
  // Two letters that aren't neighbours.
  assert.equal(bycicle, undefined);
  assert.deepEqual(mended([...often("helmet", 20), "hemlet"]), { hemlet: "helmet" });
});

Deno.test("meantWords() leaves frequent, short and unlike words, numbers and first letters alone", () => {
  assert.deepEqual(mended([...often("charge", 20), ...often("change", 2)]), {});
  assert.deepEqual(mended([...often("charge", 40), ...often("change", 2)]), { change: "charge" });
  assert.deepEqual(mended([...often("lost", 40), "cost", "lots", "losts"]), {});
  assert.deepEqual(mended([...often("house", 40), "mouse", "uhose"]), {});
  assert.deepEqual(mended([...often("10000", 40), "10001", "x1000", "x-ray", "x-rays"]), {});
});

Deno.test("meantWords() mends by slips alone, and hardly misses one that a comparison with each finds", () => {
  const isSlip = (a: string, b: string): boolean => {
    if (a.length > b.length) return isSlip(b, a);
    const places = [...b].map((_, i) => i);
    if (a.length < b.length) {
      return places.some((i) => i > 0 && b.slice(0, i) + b.slice(i + 1) === a);
    }
    const off = places.filter((i) => a[i] !== b[i]);
    const [one = 0, other = 0] = off;
    return off.length === 1 && one > 0 ||
      off.length === 2 && one > 0 && other === one + 1 && a[one] === b[other] &&
        a[other] === b[one];
  };
  let [slips, mends] = [0, 0];
  for (let seed = 0; seed < 40; seed++) {
    const random = openRandom("slips", seed);
    const words = Array.from(
      { length: 200 },
      () =>
        Array.from({ length: 4 + Math.floor(random() * 4) }, () => oneOf([..."abc"], random)).join(
          "",
        ),
    );
    const counts = new Map(words.map((word) => [word, random() < 0.3 ? 60 : 1]));
    const found = mended([...counts].flatMap(([word, times]) => often(word, times)));
    for (const [word, times] of counts) {
      const meant = [...counts].some(([other, often]) =>
        times === 1 && often === 60 && word.length > 4 && other.length > 4 && isSlip(word, other)
      );
      if (meant) slips++;
      if (!(word in found)) continue;
      mends++;
      assert(meant && isSlip(word, found[word]!), `${word} ${found[word]}`);
    }
  }
  assert.ok(slips > 300 && mends > 0.9 * slips, `${mends} of ${slips}`);
});
