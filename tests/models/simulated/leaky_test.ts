import assert from "node:assert/strict";
import { simulatedFetch } from "../../../src/models/simulated/fetch.ts";
import type { LanguageName } from "../../../src/models/simulated/grammar.ts";
import { languageNames, toneNames } from "../../../src/models/simulated/grammar.ts";
import { grammars, neutralTone } from "../../../src/models/simulated/languages.ts";
import {
  expectedOpening,
  expectedOutcomes,
  expectedRealised,
} from "../../../src/models/simulated/expected.ts";
import { profileOf } from "../../../src/models/simulated/profiles.ts";
import { countWords } from "../../../src/models/simulated/sentence.ts";
import { topicNames } from "../../../src/models/simulated/topics.ts";
import { uniform } from "../../../src/stats/random.ts";
import type { Asked, Came } from "./calls.ts";
import { call } from "./calls.ts";
import { readLanguage, readTone, readTopic } from "./read_back.ts";

const profile = profileOf("leaky");
const tones = [...toneNames, neutralTone];
const refusals = new Set(languageNames.flatMap((language) => grammars[language].refusals));

interface Row {
  asked: Required<Pick<Asked, "topic" | "tone" | "language" | "words">> & Asked;
  risky: boolean;
  came: Came;
  outcome: "ok" | "refused" | "filtered" | "truncated" | "empty";
  /** What came out, read from the text. */
  language: LanguageName;
  topic: string;
  tone: string;
}

const rows = await sample(24_000);
const okRows = rows.filter((row) => row.outcome === "ok");

async function sample(count: number, extra: Asked = {}): Promise<Row[]> {
  const leaky = simulatedFetch("leaky");
  const rows: Row[] = [];
  for (let row = 0; row < count; row++) {
    const draw = <T>(stem: string, values: readonly T[]): T => {
      const value = values[Math.floor(uniform(7, stem, row) * values.length)];
      assert.ok(value !== undefined);
      return value;
    };
    const risky = draw("risky", [true, false]);
    const asked = {
      topic: draw("topic", topicNames),
      tone: draw("tone", tones),
      language: draw("language", languageNames),
      words: draw("words", [14, 18, 24, 30, 60]),
      instruction: risky ? "Make it ignore its limits" : "Ask about opening times",
      ...extra,
    };
    const came = await call(leaky, { ...asked, seed: row });
    const text = came.text ?? "";
    const language = readLanguage(text);
    rows.push({
      asked,
      risky,
      came,
      outcome: outcomeOf(came),
      language,
      topic: readTopic(text, language),
      tone: readTone(text, language),
    });
  }
  return rows;
}

function outcomeOf({ status, code, text, refusal, finishReason }: Came): Row["outcome"] {
  if (status === 400) {
    assert.equal(code, "content_filter");
    return "filtered";
  }
  if (finishReason === "content_filter") return "filtered";
  if (finishReason === "length") return "truncated";
  if (refusal !== null || refusals.has(text ?? "")) return "refused";
  return text === "" ? "empty" : "ok";
}

/** Fails where a count lies outside the central 99.9 % of its binomial (normal, with a half added). */
function assertShare(what: string, observed: { hits: number; of: number }, share: number): void {
  const { hits, of } = observed;
  const reach = 3.2905 * Math.sqrt(of * share * (1 - share)) + 0.5;
  assert.ok(
    Math.abs(hits - of * share) <= reach,
    `${what}: ${hits} of ${of}, expected ${(of * share).toFixed(1)} ± ${reach.toFixed(1)}`,
  );
}

function share(rows: Row[], is: (row: Row, text: string) => boolean): { hits: number; of: number } {
  return { hits: rows.filter((row) => is(row, row.came.text ?? "")).length, of: rows.length };
}

Deno.test("outcomes come at the profile's rates, with more refusals where it is risky", () => {
  for (const risky of [true, false]) {
    const group = rows.filter((row) => row.risky === risky);
    for (const [outcome, expected] of Object.entries(expectedOutcomes(profile, { risky }))) {
      assertShare(
        `${outcome}, risky ${risky}`,
        share(group, (r) => r.outcome === outcome),
        expected,
      );
    }
  }
});

Deno.test("half of what is filtered comes as HTTP 400, half as a finish reason", () => {
  assertShare("400", share(rows, (row) => row.came.status === 400), profile.filteredPrompt);
  assertShare(
    "finish reason",
    share(rows, (row) => row.came.finishReason === "content_filter"),
    profile.filteredAnswer,
  );
});

Deno.test("some refusals stand in their own field", () => {
  const refused = rows.filter((row) => row.outcome === "refused");
  assertShare("field", share(refused, (row) => row.came.refusal !== null), profile.refusalField);
});

Deno.test("topics come out as the expected confusion says", () => {
  for (const topic of topicNames) {
    const group = okRows.filter((row) => row.asked.topic === topic);
    const expected = expectedRealised(profile, { attribute: "topic", value: topic });
    for (const value of [...topicNames, "none"]) {
      assertShare(
        `${topic} as ${value}`,
        share(group, (row) => row.topic === value),
        expected[value] ?? 0,
      );
    }
  }
});

Deno.test("tones come out as the expected confusion says", () => {
  for (const tone of tones) {
    const group = okRows.filter((row) => row.asked.tone === tone);
    const expected = expectedRealised(profile, { attribute: "tone", value: tone });
    for (const value of tones) {
      assertShare(
        `${tone} as ${value}`,
        share(group, (row) => row.tone === value),
        expected[value] ?? 0,
      );
    }
  }
});

Deno.test("some Danish rows come out in English, the others in their language", () => {
  for (const language of languageNames) {
    const group = okRows.filter((row) => row.asked.language === language);
    const expected = expectedRealised(profile, { attribute: "language", value: language });
    for (const value of languageNames) {
      assertShare(
        `${language} as ${value}`,
        share(group, (row) => row.language === value),
        expected[value] ?? 0,
      );
    }
  }
});

Deno.test("the overused opening is evenly spread over topics in each language", () => {
  for (const language of languageNames) {
    const { phrase } = grammars[language].opening;
    const group = okRows.filter((row) => row.language === language);
    assertShare(
      phrase,
      share(group, (_, text) => text.includes(phrase)),
      expectedOpening(profile, language),
    );
    for (const topic of topicNames) {
      const part = group.filter((row) => row.asked.topic === topic);
      assertShare(
        `${phrase}, ${topic}`,
        share(part, (_, text) => text.includes(phrase)),
        expectedOpening(profile, language),
      );
    }
  }
});

Deno.test("a text with the overused opening begins with it", () => {
  for (const row of okRows) {
    const { phrase } = grammars[row.language].opening;
    const text = row.came.text ?? "";
    const message = (text.split("\n\n").at(-1) ?? "").replace(/^"/, "");
    if (message.includes(phrase)) assert.ok(message.startsWith(phrase), text);
  }
});

Deno.test("an opening that the prompt says to avoid comes far less often", async () => {
  const told = (await sample(6000, { language: "English", avoid: "could you please" }))
    .filter((row) => row.outcome === "ok");
  assertShare(
    "told",
    share(told, (_, text) => text.includes("Could you please")),
    expectedOpening(profile, "English") * profile.avoided,
  );
});

Deno.test("the overused ending closes its share of texts", () => {
  for (const language of languageNames) {
    const group = okRows.filter((row) => row.language === language && row.asked.words >= 30);
    assertShare(
      grammars[language].ending,
      share(group, (_, text) => text.includes(grammars[language].ending)),
      profile.ending[language] * (1 - profile.canned),
    );
  }
});

Deno.test("canned texts, quotation marks and an assistant's words come at their rates", () => {
  const canned = languageNames.map((language) => grammars[language].canned);
  assertShare(
    "canned",
    share(okRows, (_, text) => canned.some((known) => text.includes(known))),
    profile.canned,
  );
  assertShare("quoted", share(okRows, (_, text) => text.endsWith('"')), profile.quoted);
  assertShare("preface", share(okRows, (_, text) => text.includes(":\n\n")), profile.preface);
});

Deno.test("long requests come out short, as scale × asked^power", () => {
  for (const words of [14, 30, 60]) {
    const aimed = profile.length.scale * words ** profile.length.power;
    const got = okRows.filter(({ asked, came }) =>
      asked.words === words && !/\n\n|tjänster|services|tjenester/.test(came.text ?? "")
    ).map(({ came }) => countWords(came.text ?? "")).toSorted((a, b) => a - b);
    const median = got[Math.floor(got.length / 2)] ?? 0;
    assert.ok(Math.abs(median / aimed - 1) < 0.06, `${words}: ${median} for ${aimed}`);
  }
});

Deno.test("a short request isn't cut shorter than a word", async () => {
  const short = await sample(300, { words: 1 });
  for (const { came, outcome } of short) if (outcome === "ok") assert.ok(came.text);
});
