import assert from "node:assert/strict";
import type { Corpus } from "../../../src/analysis/reading/rows.ts";
import { distinctTexts } from "../../../src/analysis/sameness/distinct_texts.ts";
import { groupsOf } from "../../../src/analysis/sameness/groups.ts";
import { linkOneWordEdits } from "../../../src/analysis/sameness/one_word_edits.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { corpusFrom, oneOf } from "./corpora.ts";

/** The first text of each text's group. */
function linkedGroups(corpus: Corpus): number[] {
  const texts = distinctTexts(corpus.texts);
  const groups = groupsOf(texts.size);
  linkOneWordEdits(corpus, texts, groups);
  return Array.from({ length: texts.size }, (_, text) => groups.of(text));
}

/** Levenshtein's distance of words. */
function distance(a: Uint32Array, b: Uint32Array): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  a.forEach((word, i) => {
    const line = [i + 1];
    b.forEach((other, j) =>
      line.push(Math.min(line[j]! + 1, above[j + 1]! + 1, above[j]! + (word === other ? 0 : 1)))
    );
    above = line;
  });
  return above[b.length]!;
}

function areLinked(a: string, b: string): boolean {
  return linkedGroups(corpusFrom([a, b]))[1] === 0;
}

Deno.test("linkOneWordEdits() links texts with a word changed, added or left out", () => {
  assert(areLinked("Can I pay by phone?", "Can I pay by card?"));
  assert(areLinked("Can I pay by phone?", "Can I pay phone?"));
  assert(areLinked("Can I pay by phone?", "Please can I pay by phone?"));
  assert(areLinked("Can I pay by phone?", "Can I pay by phone, then?"));
  assert(!areLinked("Can I pay by phone?", "Could I pay by card?"));
  assert(!areLinked("Can I pay by phone?", "Can I by pay phone?"));
  assert(areLinked("カードで払えますか", "現金で払えますか"));
});

Deno.test("linkOneWordEdits() links no texts with less than two words in common", () => {
  assert(!areLinked("Hello", "Goodbye"));
  assert(!areLinked("Car loan", "Car insurance"));
  assert(!areLinked("Car", "Car loan"));
  assert(areLinked("Car loan", "Car loan please"));
  assert(areLinked("New car loan", "Old car loan"));
});

Deno.test("linkOneWordEdits() leaves texts of eight words and more alone", () => {
  assert(areLinked("a b c d e f g", "a b c x e f g"));
  assert(!areLinked("a b c d e f g h", "a b c x e f g h"));
  assert(!areLinked("a b c d e f g", "a b c d e f g h"));
});

Deno.test("linkOneWordEdits() equals the comparison of each text with each", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = openRandom("one word", seed);
    const vocabulary = [..."abcdefghijklmnop"].slice(0, 3 + Math.floor(random() * 13));
    const texts = new Set(
      Array.from(
        { length: Math.floor(random() * 90) },
        () =>
          Array.from({ length: Math.floor(random() * 10) }, () => oneOf(vocabulary, random)).join(
            " ",
          ),
      ),
    );
    // Texts of one-letter words are the same bare text only where they are the same.
    const corpus = corpusFrom([...texts]);
    const wanted = groupsOf(corpus.size);
    const words = (row: number) =>
      corpus.tokens.subarray(corpus.starts[row], corpus.starts[row + 1]);
    for (let a = 0; a < corpus.size; a++) {
      for (let b = 0; b < a; b++) {
        const [one, other] = [words(a), words(b)];
        const most = Math.max(one.length, other.length);
        const least = Math.min(one.length, other.length);
        const common = one.length === other.length ? most - 1 : least;
        if (most < 8 && common >= 2 && distance(one, other) <= 1) wanted.join(a, b);
      }
    }
    const expected = Array.from({ length: corpus.size }, (_, row) => wanted.of(row));
    assert.deepEqual(linkedGroups(corpus), expected, `seed ${seed}`);
  }
});
