import assert from "node:assert/strict";
import { stem } from "../../src/text/stems.ts";

Deno.test("stem() makes one of a word's forms", () => {
  const cases: [string, string[]][] = [
    ["en", ["loan", "loans", "loan's"]],
    ["sv", ["lån", "lånen", "lånens"]],
    ["da", ["lån", "lånet", "lånene"]],
    ["no", ["lån", "lånet", "lånene"]],
    ["de", ["karte", "karten"]],
    ["fr", ["carte", "cartes"]],
    ["nl", ["kaart", "kaarten"]],
    ["ru", ["карта", "карты"]],
  ];
  for (const [language, forms] of cases) {
    assert.equal(new Set(forms.map((form) => stem(form, { language }))).size, 1, forms.join());
  }
});

Deno.test("stem() leaves what it has no rules for", () => {
  const cases: [string, string][] = [["laina", "fi"], ["24", "en"], ["貸款", "zh"], ["貸款", "en"]];
  for (const [word, language] of cases) assert.equal(stem(word, { language }), word);
});
