import assert from "node:assert/strict";
import { writeBare } from "../../../src/analysis/sameness/bare_text.ts";
import { distinctTexts } from "../../../src/analysis/sameness/distinct_texts.ts";
import { firstsOf } from "../../../src/analysis/sameness/firsts.ts";
import { groupsOf } from "../../../src/analysis/sameness/groups.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { oneOf } from "./corpora.ts";

function bare(text: string): string {
  const units = new Uint16Array(3 * text.length);
  return String.fromCharCode(...units.subarray(0, writeBare(text, units, 0)));
}

/** The definition, read off a regular expression. */
function bareByPattern(text: string): string {
  return text.normalize("NFC").toLowerCase().replace(/[\p{P}\p{Z}\p{Cc}\p{Cf}]/gu, "");
}

Deno.test("writeBare() leaves no case, punctuation or space of any script", () => {
  assert.equal(bare("“Can’t I – pay\u00a0£5… by\tSwish?!”"), "cantipay£5byswish");
  assert.equal(bare("Är e\u0301tt\u200b lån\u2028möjligt؟"), "ärétt" + "lånmöjligt");
  assert.equal(bare("口座を、開設したい。「はい」"), "口座を開設したいはい");
  assert.equal(bare("क्या मैं भुगतान कर सकता हूँ।"), "क्यामैंभुगतानकरसकताहूँ");
  assert.equal(bare("Nice 👍🏽!"), "nice👍🏽");
  assert.equal(bare("𐎀𐎟𐎁"), "𐎀𐎁");
  assert.equal(bare("?! …"), "");
});

Deno.test("writeBare() is NFC, lower case and removal, whatever characters come", () => {
  const random = openRandom("bare");
  const odd = [
    ..."aB å'’-–\n\t\u00ad\u0301\u0345İßǅ" + "Ω\u2126\u0958ﷺ。ｱ" + "👍𐎟𝒜\u{e0041}",
    "\ud800",
    "\udc00",
  ];
  for (let i = 0; i < 3000; i++) {
    const text = Array.from(
      { length: Math.floor(random() * 12) },
      () =>
        random() < 0.5 ? oneOf(odd, random) : String.fromCodePoint(Math.floor(random() * 0x3200)),
    )
      .join("");
    assert.equal(bare(text), bareByPattern(text), JSON.stringify(text));
  }
});

Deno.test("distinctTexts() groups rows as their bare texts do, by the first of each", () => {
  const random = openRandom("distinct");
  for (let round = 0; round < 200; round++) {
    const texts = Array.from(
      { length: Math.floor(random() * 60) },
      () =>
        Array.from(
          { length: Math.floor(random() * 4) },
          () => oneOf(["a", "A", " ", "!", "ﷺ", "İ", "e\u0301", "é"], random),
        ).join(""),
    );
    const { size, textOf, firstRow, copies, units, starts } = distinctTexts(texts);
    const wanted = new Map<string, number[]>();
    texts.forEach((text, row) => {
      const key = bareByPattern(text);
      wanted.set(key, [...wanted.get(key) ?? [], row]);
    });
    const rows = [...wanted.values()];
    assert.equal(size, rows.length);
    assert.deepEqual([...firstRow], rows.map(([first]) => first));
    assert.deepEqual([...copies], rows.map(({ length }) => length));
    rows.forEach((those, text) => those.forEach((row) => assert.equal(textOf[row], text)));
    [...wanted.keys()].forEach((key, text) =>
      assert.equal(String.fromCharCode(...units.subarray(starts[text], starts[text + 1])), key)
    );
  }
});

Deno.test("firstsOf() tells things apart that have the same hash", () => {
  const things = ["a", "b", "c", "a", "c"];
  const firsts = firstsOf(5, (a, b) => things[a] === things[b]);
  assert.deepEqual(things.map((_, thing) => firsts.add(thing, 5)), [0, 1, 2, 0, 2]);
  assert.equal(firsts.find(5, (first) => things[first] === "c"), 2);
  assert.equal(firsts.find(5, (first) => things[first] === "d"), -1);
  assert.equal(firsts.find(6, () => true), -1);
  firsts.clear();
  assert.equal(firsts.find(5, () => true), -1);
});

Deno.test("groupsOf() joins like a naive relabelling, in whatever order", () => {
  const random = openRandom("groups");
  for (let round = 0; round < 50; round++) {
    const groups = groupsOf(40);
    const labels = Array.from({ length: 40 }, (_, thing) => thing);
    for (let i = 0; i < 30; i++) {
      const [a, b] = [Math.floor(random() * 40), Math.floor(random() * 40)];
      groups.join(a, b);
      const [low, high] = [labels[a]!, labels[b]!].toSorted((x, y) => x - y);
      labels.forEach((label, thing) => label === high && (labels[thing] = low!));
    }
    assert.deepEqual(labels.map((_, thing) => groups.of(thing)), labels);
  }
});
