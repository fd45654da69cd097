import assert from "node:assert/strict";
import { questionsOf } from "../../src/judge/questions.ts";
import { askedOfPerson, labelOf, sheetRow } from "../../src/label/sheet.ts";
import { CONFIG, labelled, SHEET } from "./sheets.ts";

const AT = new Date("2026-02-01T08:00:00.000Z");

Deno.test("askedOfPerson() offers values in the config's order, none and other after them", () => {
  const [followed, tone, topic] = askedOfPerson(questionsOf(CONFIG));
  assert.deepEqual(followed?.answers.map(({ label }) => label), ["yes", "no"]);
  assert.deepEqual(tone?.answers.map(({ label }) => label), ["Angry", "Calm", "none", "other"]);
  assert.equal(topic?.answers[0]?.description, "buying, changing or losing one");
  const values = ["none", "Calm"].map((value) => ({ value, description: null }));
  const [own] = askedOfPerson([{ stem: "tone", kind: "one", values }]);
  assert.deepEqual(own?.answers.map(({ label }) => label), ["none", "Calm", "other"]);
});

Deno.test("sheetRow() knows what the person has said, as far as it answers what is asked", () => {
  const questions = questionsOf(CONFIG);
  const options = {
    text: "Hej \ud800",
    questions,
    requested: { additional_instruction: "Ask for a map", topic: "Delays" },
    seed: 1,
  };
  const chosen = { row: 3, p: 0.5, sample: "random" as const };
  const { asked, text } = sheetRow(chosen, [], options);
  const about = asked.additional_instruction;
  assert(about === "Ask for a map" || about === "Ask for a price");
  assert.equal(text, "Hej \ufffd");
  const labels = (given: ReturnType<typeof labelled>[]) => sheetRow(chosen, given, options).labels;
  const followed = { attribute: "additional_instruction", label: "yes" };
  assert.deepEqual(
    labels([labelled(3, { ...followed, asked: about ?? "" }), labelled(3)]),
    { additional_instruction: "yes", topic: "Tickets" },
  );
  assert.deepEqual(labels([labelled(3, { ...followed, asked: "Sing" })]), {});
  assert.deepEqual(labels([labelled(3, { sample: "picked", p: null })]), {});
  assert.deepEqual(labels([labelled(3, { label: "Trams" })]), {});
});

Deno.test("labelOf() keeps what is asked and the row's chance, or says why it is no label", () => {
  const said = { row: 2, attribute: "additional_instruction", label: "no" };
  assert.deepEqual(labelOf(said, SHEET, AT), {
    row: 2,
    attribute: "additional_instruction",
    label: "no",
    asked: "Ask for a price",
    by: "person",
    sample: "stratified",
    p: 0.5,
    at: "2026-02-01T08:00:00.000Z",
  });
  const undone = labelOf({ row: 4, attribute: "topic", label: null }, SHEET, AT);
  assert(typeof undone === "object" && undone.label === null && !("asked" in undone));
  const wrong = [{ row: 3 }, { attribute: "tone" }, { label: "Tickets" }];
  for (const fields of wrong) {
    assert.equal(typeof labelOf({ ...said, ...fields }, SHEET, AT), "string");
  }
});
