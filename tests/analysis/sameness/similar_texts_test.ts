import assert from "node:assert/strict";
import { distinctTexts } from "../../../src/analysis/sameness/distinct_texts.ts";
import { gramsOf } from "../../../src/analysis/sameness/grams.ts";
import { groupsOf } from "../../../src/analysis/sameness/groups.ts";
import {
  type Banding,
  bandingFor,
  linkSimilarTexts,
  placesOf,
} from "../../../src/analysis/sameness/similar_texts.ts";
import { sketcher } from "../../../src/analysis/sameness/sketch.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { oneOf, zipfWords } from "./corpora.ts";

/** Of bare texts, as sets of strings. */
function jaccard(a: string, b: string): number {
  const [one, other] = [a, b].map((text) =>
    new Set(Array.from({ length: Math.max(0, text.length - 4) }, (_, i) => text.slice(i, i + 5)))
  );
  const shared = [...one!].filter((gram) => other!.has(gram)).length;
  return shared === 0 ? 0 : shared / (one!.size + other!.size - shared);
}

/** The group of each text by comparing each with each. */
function naiveGroups(texts: string[]): number[] {
  const groups = groupsOf(texts.length);
  texts.forEach((text, a) => {
    for (let b = 0; b < a; b++) if (jaccard(text, texts[b]!) >= 0.7) groups.join(a, b);
  });
  return texts.map((_, text) => groups.of(text));
}

function linkedGroups(
  texts: string[],
  options: { banding?: Banding; most?: number } = {},
): number[] {
  const distinct = distinctTexts(texts);
  assert.equal(distinct.size, texts.length);
  const groups = groupsOf(texts.length);
  linkSimilarTexts(gramsOf(distinct), groups, options);
  return texts.map((_, text) => groups.of(text));
}

/** Texts of a few letters, many of them edited from an earlier one by a character here and there. */
function editedTexts(count: number, random: () => number, letters = "abcd"): string[] {
  const texts: string[] = [];
  const letter = () => oneOf([...letters], random);
  while (texts.length < count) {
    const from = random() < 0.6 && texts.length > 0 ? [...oneOf(texts, random)] : null;
    const text = from ?? Array.from({ length: Math.floor(random() * 50) }, letter);
    for (let edits = random() * 4; from !== null && edits > 0; edits--) {
      text.splice(Math.floor(random() * text.length), random() < 0.5 ? 1 : 0, letter());
    }
    const joined = text.join("");
    if (!texts.includes(joined)) texts.push(joined);
  }
  return texts;
}

Deno.test("linkSimilarTexts() equals the comparison of each text with each", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = openRandom("naive", seed);
    const letters = oneOf(["abcd", "ab", "口座開設年金", "åäö👍"], random);
    const texts = editedTexts(Math.floor(random() * 80), random, letters);
    assert.deepEqual(linkedGroups(texts), naiveGroups(texts), `seed ${seed}`);
  }
});

Deno.test("linkSimilarTexts() links nothing by any banding that isn't similar, and hardly misses", () => {
  let [wanted, found] = [0, 0];
  for (let seed = 0; seed < 40; seed++) {
    const random = openRandom("banded", seed);
    const texts = editedTexts(80, random);
    const truth = naiveGroups(texts);
    for (const size of [400_000, 1_000_000]) {
      const groups = linkedGroups(texts, { banding: bandingFor(size) });
      groups.forEach((group, text) => assert.equal(truth[group], truth[text]));
      wanted += texts.length - new Set(truth).size;
      found += texts.length - new Set(groups).size;
    }
  }
  assert.ok(wanted > 500 && found >= 0.99 * wanted, `${found} of ${wanted}`);
});

Deno.test("similar() is the Jaccard similarity of sets, at any bound", () => {
  const random = openRandom("similar");
  const texts = editedTexts(60, random, "ab");
  const grams = gramsOf(distinctTexts(texts));
  for (const [a, text] of texts.entries()) {
    for (const [b, other] of texts.entries()) {
      const truth = jaccard(text, other);
      if (truth > 0) assert(grams.similar(a, b, truth));
      for (const least of [0.2, 0.7, 1]) assert.equal(grams.similar(a, b, least), truth >= least);
    }
  }
});

Deno.test("similar() compares texts that end shortly before the last one's end", () => {
  const grams = gramsOf(distinctTexts(["abcdefgh", "abcdefghi", "hi", "", "abcde"]));
  assert.deepEqual([...grams.counts], [4, 5, 0, 0, 1]);
  assert(grams.similar(0, 1, 0.8) && !grams.similar(0, 1, 0.81));
  assert(!grams.similar(2, 3, 0.01) && !grams.similar(0, 2, 0.01));
});

Deno.test("every banding finds texts at a similarity of .7 at least 99 times of 100", () => {
  const pairs = 1500;
  for (const texts of [2_001, 400_001]) {
    const banding = bandingFor(texts);
    const bands = Array.from({ length: banding.bands }, (_, band) => placesOf(band, banding));
    const length = 1 + Math.max(...bands.flat());
    const sketch = sketcher(length);
    const [one, other] = [new Int32Array(length), new Int32Array(length)];
    let found = 0;
    let agreed = 0;
    for (let pair = 0; pair < pairs; pair++) {
      const random = openRandom("recall", texts, pair);
      // 70 members in common, 15 more of each: .7.
      const members = Int32Array.from({ length: 100 }, () => random() * 2 ** 32);
      sketch(members.subarray(0, 85), 85, one);
      sketch(Int32Array.of(...members.subarray(85), ...members.subarray(0, 70)), 85, other);
      const agrees = (place: number) => one[place] === other[place];
      agreed += one.filter((_, place) => agrees(place)).length / length;
      found += bands.some((places) => places.every(agrees)) ? 1 : 0;
    }
    assert.ok(found / pairs >= 0.99, `${texts} texts: ${found} of ${pairs}`);
    assert.ok(Math.abs(agreed / pairs - 0.7) < 0.005, `${agreed / pairs}`);
  }
});

Deno.test("a sketch of few members is as long and as true as one of many", () => {
  const places = 190;
  const sketch = sketcher(places);
  let agreed = 0;
  for (let pair = 0; pair < 400; pair++) {
    const random = openRandom("few", pair);
    const members = Int32Array.from({ length: 6 }, () => random() * 2 ** 32);
    const [one, other] = [new Int32Array(places), new Int32Array(places)];
    sketch(members, 5, one);
    sketch(members.subarray(1), 5, other);
    agreed += one.filter((value, place) => value === other[place]).length / places;
  }
  assert.ok(Math.abs(agreed / 400 - 4 / 6) < 0.01, `${agreed / 400}`);
  const alone = new Int32Array(places);
  sketch(Int32Array.of(7), 1, alone);
  assert.ok(new Set(alone).size > places / 2);
});

Deno.test("linkSimilarTexts() finds every planted cluster of a large run and nothing else", () => {
  const random = openRandom("planted");
  const { draw } = zipfWords(5000, random);
  const sentence = () => Array.from({ length: 18 + Math.floor(random() * 8) }, draw);
  // Clusters of a text and 1 to 5 that differ from it in one word, scattered over the run.
  const planted = Array.from({ length: 150 }, () => {
    const words = sentence();
    const size = 2 + Math.floor(random() * 5);
    return Array.from(
      { length: size },
      (_, i) => i === 0 ? words.join(" ") : words.with(3 * i, `qx${i}`).join(" "),
    );
  });
  const texts = [...planted.flat(), ...Array.from({ length: 3500 }, () => sentence().join(" "))]
    .map((text) => ({ text, at: random() })).toSorted((a, b) => a.at - b.at)
    .map(({ text }) => text);
  const clusterOf = new Map(planted.flatMap((each, i) => each.map((text) => [text, i])));
  for (const banding of [bandingFor(4000), bandingFor(1_000_000)]) {
    const groups = linkedGroups(texts, { banding });
    const members = Map.groupBy(texts.keys(), (text) => groups[text]!);
    const clusters = [...members.values()].filter(({ length }) => length > 1);
    assert.equal(clusters.length, planted.length);
    for (const cluster of clusters) {
      const origin = clusterOf.get(texts[cluster[0]!]!);
      assert(origin !== undefined);
      assert.equal(cluster.length, planted[origin]?.length);
      assert(cluster.every((text) => clusterOf.get(texts[text]!) === origin));
    }
  }
});

Deno.test("linkSimilarTexts() finds most where a template makes all alike and it looks at few", () => {
  const random = openRandom("template");
  const { draw } = zipfWords(3000, random);
  const template = "good day could you tell me what it costs to have";
  const free = Array.from({ length: 4000 }, (_, i) => `${template} ${draw()} ${draw()} ${i}`);
  const copies = free.slice(0, 200).map((text) => text.replace("good day", "good morning"));
  const groups = linkedGroups([...free, ...copies], { banding: bandingFor(4000), most: 8 });
  // Looking at all it finds 1,676; where crowded buckets aren't divided 1,176.
  const linked = groups.length - new Set(groups).size;
  assert.ok(linked > 1250, `${linked}`);
});

Deno.test("linkSimilarTexts() finds a pair in the midst of a phrase that was said a thousand times", () => {
  const random = openRandom("phrase");
  const phrase = [..."abcdefghijklmnopqrstuvwxyzåäöéèüß".repeat(3)];
  const said = Array.from(
    { length: 1500 },
    () =>
      phrase.with(Math.floor(random() * phrase.length), oneOf([..."0123456789"], random)).join(""),
  );
  // Four other characters: .65 like the phrase, and .9 like each other.
  const other = [10, 35, 60, 85].reduce((text, place) => text.with(place, "€"), phrase);
  const pair = [other.join(""), other.with(48, "€").join("")];
  const texts = [pair[0]!, ...new Set(said), pair[1]!];
  const groups = linkedGroups(texts, { banding: bandingFor(4000), most: 8 });
  const same = groups.filter((group) => group === groups[1]).length;
  assert.equal(groups.at(-1), 0);
  assert.equal(same, texts.length - 2);
});
