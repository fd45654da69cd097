import assert from "node:assert/strict";
import type { LooseRow } from "../../../src/analysis/reading/corpus.ts";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import type { TemplateTerm } from "../../../src/analysis/findings.ts";
import type { Corpus } from "../../../src/analysis/reading/rows.ts";
import { countTerms } from "../../../src/analysis/terms/counted_terms.ts";
import { templateTerms } from "../../../src/analysis/terms/template_terms.ts";
import { betaQuantile } from "../../../src/stats/beta.ts";
import { english, PLANTED, plantedRows, TONES, TOPICS } from "./planted.ts";

function templates(corpus: Corpus): TemplateTerm[] {
  return templateTerms(corpus, countTerms(corpus, { config: null }));
}

function termsOf(corpus: Corpus): string[] {
  return templates(corpus).map(({ term }) => term);
}

Deno.test("templateTerms() finds planted phrases, with their exact rows, before all else", () => {
  const rows = plantedRows(3000);
  const found = templates(english(rows));
  const byTerm = new Map(found.map((term) => [term.term, term]));
  for (const [phrase, every] of PLANTED) {
    const term = byTerm.get(phrase);
    assert.equal(term?.rows, Math.ceil(3000 / every), phrase);
    assert.equal(term?.share, Math.ceil(3000 / every) / 3000);
    assert.ok(term.low < term.share && term.score <= term.low && term.score > term.share * 0.7);
    assert.equal(term.n, phrase.split(" ").length);
    for (const { row } of term.examples) {
      assert.ok(rows[row]?.text?.toLowerCase().includes(phrase), `${row}`);
    }
    assert.equal(term.examples.length, 5);
  }
  const planted = PLANTED.map(([phrase]) => phrase);
  assert.deepEqual(found.slice(0, planted.length).map(({ term }) => term), planted);
});

Deno.test("templateTerms() never blames a topic's or a tone's own words", () => {
  const own = new Set([...Object.values(TOPICS), ...Object.values(TONES)].flat());
  for (const count of [400, 3000]) {
    for (const { term } of templates(english(plantedRows(count, count)))) {
      assert.ok(!term.split(" ").some((word) => own.has(word)), term);
    }
  }
});

Deno.test("templateTerms() doesn't blame words of half of the topics", () => {
  // Four of eight topics are about borrowing: in a lower quartile that is pulled to the share of all
  // rows, their word would pass for one of all topics.
  const borrowing = new Set(Object.keys(TOPICS).slice(0, 4));
  const rows = plantedRows(400).map(({ text, attributes = {} }, i) => ({
    text: borrowing.has(attributes.topic ?? "") && i % 4 > 0 ? `${text} Borrow!` : text ?? "",
    attributes,
  }));
  const found = termsOf(english(rows));
  assert.ok(found.includes("could you please"));
  assert.ok(!found.some((term) => term.includes("borrow")));
});

Deno.test("templateTerms() doesn't blame words of all values but the one that asks for nothing", () => {
  // Of five values only "" lacks the word, but it has half of the rows.
  const stations = ["Lund", "Malmö", "Ystad", "Eslöv"];
  const rows = plantedRows(800).map(({ text, attributes = {} }, i) => {
    const station = i % 2 === 0 ? "" : stations[(i >> 1) % 4]!;
    return {
      text: station !== "" && i % 3 > 0 ? `${text} Platform!` : text ?? "",
      attributes: { ...attributes, station },
    };
  });
  const found = termsOf(english(rows));
  assert.ok(found.includes("could you please"));
  assert.ok(!found.some((term) => term.includes("platform")));
});

Deno.test("templateTerms() takes words of an attribute's name for those of its values", () => {
  // Too few rows were asked for nothing to tell by their number.
  const rows = Array.from({ length: 24 }, (_, i): LooseRow => ({
    text: i > 2 ? `Kindly note my home station ${i}` : `Kindly note q${i}`,
    attributes: { home_station: i > 2 ? ["Lund", "Ystad"][i % 2]! : "" },
  }));
  assert.deepEqual(termsOf(english(rows)), ["kindly note"]);
});

Deno.test("templateTerms() doesn't blame words that values name, however few the rows", () => {
  const topics = ["Debit card", "Lost cards", "Gift card", "Loan", "Fees", "Fraud", "App", "Tax"];
  const rows = Array.from({ length: 24 }, (_, i): LooseRow => {
    const topic = topics[i % topics.length]!;
    const card = [0, 1, 2, 8, 9].includes(i) ? "card" : "";
    return { text: `kindly w${i} ${card}`, attributes: { topic } };
  });
  assert.deepEqual(termsOf(english(rows)), ["kindly"]);
  // Named by other values it would lead: so few rows say nothing about how it is spread.
  const renamed = rows.map(({ text, attributes }) => ({
    text: text!,
    attributes: { topic: attributes!.topic!.replace(/cards?/, "item") },
  }));
  assert.deepEqual(termsOf(english(renamed)), ["kindly", "card"]);
  // What all rows say is a template, named or not.
  const everywhere = rows.map((row) => ({ ...row, text: `${row.text!.replace("card", "")} card` }));
  assert.ok(termsOf(english(everywhere)).includes("card"));
});

Deno.test("templateTerms() isn't kept from a phrase by function words of values", () => {
  const rows = Array.from({ length: 16 }, (_, i): LooseRow => ({
    text: `kindly the w${i}`,
    attributes: { topic: i % 2 === 0 ? "The loan" : "The card" },
  }));
  assert.deepEqual(termsOf(english(rows)), ["kindly the"]);
});

Deno.test("templateTerms() knows a value by its wording for the model", () => {
  const prompt = "How the person sounds: like someone who begs";
  const item = { score: 1, factor: 1, when: null };
  const config = {
    attributes: {
      tone: [{ ...item, value: "T1", prompt }, { ...item, value: "T2", prompt: null }],
    },
  };
  const rows = Array.from({ length: 14 }, (_, i): LooseRow => ({
    text: i < 5 ? `begging w${i}` : `w${i}`,
    attributes: { tone: i < 10 ? "T1" : "T2" },
  }));
  const corpus = english(rows);
  const found = (given: typeof config | null) =>
    templateTerms(corpus, countTerms(corpus, { config: given })).map(({ term }) => term);
  assert.deepEqual(found(config), []);
  assert.deepEqual(found(null), ["begging"]);
});

Deno.test("templateTerms() keeps a phrase that one odd value lacks or has more often", () => {
  const rows = plantedRows(2000).map(({ text, attributes = {} }, i) => {
    const every = { Angry: 100, Cheerful: 2 }[attributes.tone ?? ""] ?? 5;
    return { text: i % every === 0 ? `Pray tell ${text}` : text ?? "", attributes };
  });
  assert.ok(termsOf(english(rows)).includes("pray tell"));
});

Deno.test("templateTerms() takes words of one of two values for that value's", () => {
  const rows = Array.from({ length: 200 }, (_, i): LooseRow => ({
    text: i % 2 === 0 ? `gadget w${i}` : `widget w${i}`,
    attributes: { kind: i % 2 === 0 ? "A" : "B" },
  }));
  assert.deepEqual(termsOf(english(rows)), []);
});

Deno.test("templateTerms() scores by the bound of the share or by the breadth", () => {
  // "zig" stands in 20 of 39 rows: of A in 8 of 10, of B in 3 of 13, of C in 9 of 16.
  const groups: [string, number, number][] = [["A", 10, 8], ["B", 13, 3], ["C", 16, 9]];
  const rowsOf = (times: number) =>
    Array.from(
      { length: times },
      (_, time) =>
        groups.flatMap(([kind, size, having]) =>
          Array.from({ length: size }, (_, i): LooseRow => ({
            text: `${i < having ? "zig" : ""} ${kind}${i}x${time}`,
            attributes: { kind },
          }))
        ),
    ).flat();
  const breadthOf = (times: number) => {
    const shares = groups.map(([, size, having]) =>
      (having * times + 20 * 20 / 39) / (size * times + 20)
    )
      .sort((a, b) => a - b);
    return (shares[0]! + shares[1]!) / 2;
  };
  const [few] = templates(english(rowsOf(1)));
  assert.equal(few?.term, "zig");
  assert.equal(few?.low, betaQuantile(0.025, 20, 20));
  assert.ok(breadthOf(1) > few.low);
  assert.equal(few.score, few.low);
  const [many] = templates(english(rowsOf(30)));
  assert.equal(many?.low, betaQuantile(0.025, 600, 571));
  assert.ok(breadthOf(30) < many.low);
  assert.ok(Math.abs(many.score - breadthOf(30)) < 1e-12);
});

Deno.test("templateTerms() corrects its bounds for all phrases", () => {
  const rows = Array.from({ length: 60 }, (_, i): LooseRow => ({
    text: `${i % 2 === 0 ? "zig" : ""} w${i} ${i % 3 === 0 ? "zag" : ""} the`,
  }));
  const corpus = english(rows);
  // zig, zag, the, zag the
  assert.equal(countTerms(corpus, { config: null }).candidates, 4);
  assert.equal(templates(corpus)[0]?.low, betaQuantile(0.025 / 4, 30, 31));
});

Deno.test("templateTerms() finds a phrase that lives in one language", () => {
  const rows = Array.from({ length: 400 }, (_, i): LooseRow => {
    const swedish = i % 4 === 0;
    const opening = i % 8 === 0 ? "Jag undrar om" : i % 4 === 2 ? "Could you please" : `w${i}`;
    return {
      text: `${opening} x${i}`,
      attributes: { language: swedish ? "Swedish" : "English", topic: `t${i % 3}` },
    };
  });
  const [first, second] = templates(corpusOf(rows).corpus);
  assert.equal(first?.term, "jag undrar om");
  assert.deepEqual([first.language, first.languageShare, first.share], ["sv", 0.5, 0.125]);
  assert.ok(first.score > 0.3 && first.low < 0.125);
  assert.equal(second?.term, "could you please");
  assert.equal(second.language, "en");
});

Deno.test("templateTerms() gives maximal phrases, and one of a long one's parts", () => {
  const rows = Array.from({ length: 40 }, (_, i): LooseRow => ({
    text: i < 20 ? `I was wondering if you might explain fees w${i}` : `explain w${i} v${i}`,
  }));
  assert.deepEqual(termsOf(english(rows)), ["explain", "i was wondering if"]);
});

Deno.test("templateTerms() leaves out function words alone and knows curly apostrophes", () => {
  const rows = Array.from({ length: 20 }, (_, i): LooseRow => ({
    text: `w${i} ${i % 2 ? "I'm" : "I’m"} sorry${i} and I'd like it to be, if I may x${i}`,
  }));
  assert.deepEqual(termsOf(english(rows)), []);
  const sorry = rows.map(({ text }) => ({ text: text!.replace(/sorry\d+/, "sorry") }));
  assert.deepEqual(termsOf(english(sorry)), ["i'm sorry and i'd"]);
});

Deno.test("templateTerms() finds the phrases of scripts without spaces", () => {
  const japanese = Array.from({ length: 12 }, (_, i): LooseRow => ({
    text: `恐れ入りますが、${"春夏秋冬東西南北上下左右"[i]}を教えてください。`,
    attributes: { language: "Japanese" },
  }));
  assert.ok(termsOf(corpusOf(japanese).corpus).some((term) => term.startsWith("恐れ 入り")));
  const thai = Array.from({ length: 12 }, (_, i): LooseRow => ({
    text: `สวัสดีครับ ${i} ฉันอยากกู้เงิน`,
    attributes: { language: "Thai" },
  }));
  assert.ok(termsOf(corpusOf(thai).corpus).some((term) => term.includes("สวัสดี")));
});

Deno.test("templateTerms() needs five rows and gives at most 200 terms", () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, i): LooseRow => ({ text: `hello w${i}` }));
  assert.deepEqual(termsOf(english(rows(4))), []);
  assert.deepEqual(termsOf(english(rows(5))), ["hello"]);
  const many = Array.from({ length: 300 * 6 }, (_, i): LooseRow => ({ text: `w${i % 300}` }));
  const found = templates(english(many));
  assert.equal(found.length, 200);
  assert.equal(found[0]?.rows, 6);
});

Deno.test("templateTerms() lists the highest scores whatever comes first", () => {
  const rows = Array.from(
    { length: 260 },
    (_, word) =>
      Array.from(
        { length: 5 + word % 13 },
        (_, i): LooseRow => ({ text: `w${word} v${word}x${i}` }),
      ),
  )
    .flat();
  const found = templates(english(rows));
  assert.equal(found.length, 200);
  assert.ok(found.every(({ rows }) => rows >= 8));
  assert.ok(found.every(({ score }, i) => i === 0 || score <= found[i - 1]!.score));
});

Deno.test("templateTerms() scores all that may have a high score", () => {
  // 210 words stand in each of 10 Danish rows, in an order of their own; "zig" in more English ones.
  const words = Array.from({ length: 210 }, (_, i) => `w${i}`);
  const danish = [1, 11, 13, 17, 19, 23, 29, 31, 37, 41].map((step): LooseRow => ({
    text: words.map((_, i) => words[i * step % 210]).join(" "),
    attributes: { language: "Danish" },
  }));
  const others = Array.from({ length: 1000 }, (_, row): LooseRow => ({
    text: `${row % 5 < 3 ? "zig" : ""} v${row}`,
    attributes: { language: "English" },
  }));
  const found = templates(corpusOf([...danish, ...others]).corpus);
  assert.equal(found.length, 200);
  assert.equal(found[0]?.term, "zig");
  assert.ok(found[1]!.languageShare > found[0].languageShare);
});

Deno.test("templateTerms() takes no rows, one row and equal rows", () => {
  assert.deepEqual(templates(english([])), []);
  assert.deepEqual(templates(english([{ text: "hello there" }])), []);
  const [first, ...others] = templates(
    english(Array.from({ length: 30 }, () => ({ text: "Thanks a lot!", attributes: { a: "b" } }))),
  );
  assert.deepEqual(others, []);
  assert.equal(first?.term, "thanks a lot");
  assert.equal(first.share, 1);
  assert.equal(first.low, first.score);
  assert.deepEqual(first.examples.map(({ row }) => row), [3, 9, 15, 21, 27]);
});
