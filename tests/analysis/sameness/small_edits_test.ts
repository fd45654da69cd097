import assert from "node:assert/strict";
import type { Corpus } from "../../../src/analysis/reading/rows.ts";
import { distinctTexts } from "../../../src/analysis/sameness/distinct_texts.ts";
import { groupsOf } from "../../../src/analysis/sameness/groups.ts";
import { smallEdits } from "../../../src/analysis/sameness/small_edits.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { isFunctionWord } from "../../../src/text/function_words.ts";
import { corpusFrom, oneOf } from "./corpora.ts";

/** The first text of each text's group. */
function linkedGroups(corpus: Corpus): number[] {
  const texts = distinctTexts(corpus.texts);
  const groups = groupsOf(texts.size);
  smallEdits(corpus, texts).link(groups);
  return Array.from({ length: texts.size }, (_, text) => groups.of(text));
}

/** Whether the last two texts of some are near, by either way to tell. */
function areNear(texts: readonly string[], language = "en"): boolean {
  const corpus = corpusFrom(texts, language);
  const distinct = distinctTexts(corpus.texts);
  const [a, b] = [distinct.textOf.at(-2)!, distinct.textOf.at(-1)!];
  const { areNear } = smallEdits(corpus, distinct);
  const groups = linkedGroups(corpus);
  assert.equal(areNear(b, a), areNear(a, b));
  assert.equal(groups[a] === groups[b], areNear(a, b));
  return areNear(a, b);
}

Deno.test("smallEdits() takes texts with a function word changed, added or left out for near", () => {
  assert(areNear(["Can I lock my bicycle?", "May I lock my bicycle?"]));
  assert(areNear(["Can I lock a bicycle here?", "Can I lock bicycle here?"]));
  assert(areNear(["Is a lamp on the bicycle?", "Is a lamp on the bicycle then?"]));
  assert(!areNear(["Can I lock my bicycle?", "May I lock a bicycle?"]));
  assert(!areNear(["Can I lock my bicycle?", "Can I my lock bicycle?"]));
  assert(areNear(["Kan jag låsa min cykel?", "Får jag låsa min cykel?"], "sv"));
  assert(!areNear(["Kan jag låsa min cykel?", "Får jag låsa min cykel?"], "und"));
});

Deno.test("smallEdits() takes texts with a content word changed, added or left out for others", () => {
  assert(!areNear(["I lost my bicycle", "I lost my helmet"]));
  assert(!areNear(["How do I lock my bicycle?", "How do I sell my bicycle?"]));
  assert(!areNear(["I lost my helmet", "I lost my red helmet"]));
  assert(!areNear(["I lost my 2 helmets", "I lost my 3 helmets"]));
  assert(!areNear(["自転車で行けますか", "電車で行けますか"], "ja"));
});

Deno.test("smallEdits() takes texts that differ by typos for near, and by a function word besides", () => {
  const said = Array.from({ length: 20 }, (_, i) => `My bicycle has lamp number ${"x".repeat(i)}`);
  assert(areNear([...said, "I lost my bicycle", "I lost my bicylce"]));
  assert(areNear([...said, "I lost my bicycle", "I lost a bicyle"]));
  assert(!areNear(["I lost my bicycle", "I lost my bicylce"]));
});

Deno.test("smallEdits() leaves two words in common, one of them of content", () => {
  assert(!areNear(["Helmet", "The helmet"]));
  assert(areNear(["Lock helmet", "Lock the helmet"]));
  assert(!areNear(["The helmet", "A helmet"]));
  assert(!areNear(["Where is it?", "Who is it?"]));
  assert(areNear(["Where is the helmet?", "Where is a helmet?"]));
});

Deno.test("smallEdits() leaves texts of eight words and more alone", () => {
  assert(areNear(["lock b c d e f my", "lock b c d e f your"]));
  assert(!areNear(["lock b c d e f g my", "lock b c d e f g your"]));
  assert(!areNear(["lock b c d e f g", "lock b c d e f g my"]));
});

Deno.test("smallEdits() equals the comparison of each text with each, linked and asked", () => {
  const isOfFunction = (word: string) => isFunctionWord(word, { language: "en" });
  /** A text's words without one that may go, for each that may. */
  const without = (words: string[]) =>
    words.flatMap((word, i) => {
      const left = words.toSpliced(i, 1);
      const may = words.length > 2 && isOfFunction(word) && !left.every(isOfFunction);
      return may ? [{ i, left: left.join(" ") }] : [];
    });
  let near = 0;
  for (let seed = 0; seed < 60; seed++) {
    const random = openRandom("small edit", seed);
    const vocabulary = ["the", "lamp", "my", "can", "in", "red", "lock"]
      .slice(0, 2 + Math.floor(random() * 6));
    const texts = [
      ...new Set(
        Array.from(
          { length: Math.floor(random() * 150) },
          () =>
            Array.from({ length: Math.floor(random() * 9) }, () => oneOf(vocabulary, random)).join(
              " ",
            ),
        ),
      ),
    ];
    const corpus = corpusFrom(texts, "en");
    const distinct = distinctTexts(corpus.texts);
    const edits = smallEdits(corpus, distinct);
    const wanted = groupsOf(distinct.size);
    const words = texts.map((text) => text.split(" ").filter(Boolean));
    for (let a = 0; a < distinct.size; a++) {
      for (let b = 0; b < a; b++) {
        const [one, other] = [words[distinct.firstRow[a]!]!, words[distinct.firstRow[b]!]!];
        const isShort = [one, other].every(({ length }) => length >= 2 && length < 8);
        const isNear = isShort && (
          without(one).some(({ left }) => left === other.join(" ")) ||
          without(other).some(({ left }) => left === one.join(" ")) ||
          without(one).some(({ i, left }) =>
            without(other).some((each) => each.i === i && each.left === left)
          )
        );
        assert.equal(edits.areNear(a, b), isNear, `${one} | ${other}`);
        if (!isNear) continue;
        near++;
        wanted.join(a, b);
      }
    }
    const expected = Array.from({ length: distinct.size }, (_, text) => wanted.of(text));
    assert.deepEqual(linkedGroups(corpus), expected, `seed ${seed}`);
  }
  assert.ok(near > 500, `${near}`);
});
