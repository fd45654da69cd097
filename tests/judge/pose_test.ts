import assert from "node:assert/strict";
import { posedFor } from "../../src/judge/pose.ts";
import type { Question } from "../../src/judge/questions.ts";

const plain = (...names: string[]) => names.map((value) => ({ value, description: null }));
const TONE: Question = { stem: "tone", kind: "one", values: plain("Calm", "Angry", "Sad") };
const EXTRA: Question = {
  stem: "instruction",
  kind: "followed",
  values: plain("Ask twice", "Be short", "Say a name"),
};

function aboutOf(row: number, instruction: string): string | null {
  const [posed] = posedFor([EXTRA], { row, seed: 1, requested: { instruction } });
  return posed?.about ?? null;
}

Deno.test("posedFor() shows a row's own instruction in three rows of four, else another", () => {
  const rows = Array.from({ length: 2000 }, (_, row) => aboutOf(row, "Be short"));
  const own = rows.filter((about) => about === "Be short").length;
  assert(Math.abs(own / 2000 - 0.75) < 0.03, `${own}`);
  const others = rows.filter((about) => about === "Say a name").length;
  assert(Math.abs(others / (2000 - own) - 0.5) < 0.1, `${others}`);
});

Deno.test("posedFor() asks rows without an instruction about each alike", () => {
  const counts = new Map<string | null, number>();
  for (let row = 0; row < 3000; row++) {
    const about = aboutOf(row, "");
    counts.set(about, (counts.get(about) ?? 0) + 1);
  }
  assert.equal(counts.size, 3);
  for (const count of counts.values()) assert(count > 900, `${count}`);
});

Deno.test("posedFor() asks about the only instruction there is", () => {
  const [posed] = posedFor([{ ...EXTRA, values: plain("Be short") }], {
    row: 1,
    seed: 1,
    requested: { instruction: "Be short" },
  });
  assert.equal(posed?.about, "Be short");
});

Deno.test("posedFor() puts each value first equally often, the same for the same row", () => {
  const firsts = new Map<string | undefined, number>();
  const posed = (row: number) => posedFor([TONE], { row, seed: 1, requested: { tone: "Calm" } })[0];
  for (let row = 0; row < 3000; row++) {
    const first = posed(row)?.answers[0];
    firsts.set(first, (firsts.get(first) ?? 0) + 1);
  }
  for (const name of ["Calm", "Angry", "Sad"]) {
    assert(Math.abs((firsts.get(name) ?? 0) - 1000) < 120, `${name}: ${firsts.get(name)}`);
  }
  assert.deepEqual(posed(7), posed(7));
});

Deno.test("posedFor() doesn't let on what was asked for", () => {
  const asked = (tone: string) =>
    Array.from(
      { length: 50 },
      (_, row) => posedFor([TONE], { row, seed: 1, requested: { tone } }),
    );
  assert.deepEqual(asked("Calm"), asked("Angry"));
});

Deno.test("posedFor() offers none and other but where a value is called so", () => {
  const [tone] = posedFor([TONE], { row: 1, seed: 1, requested: {} });
  assert.deepEqual(tone?.answers.slice(-2), ["none", "other"]);
  assert.equal(tone?.descriptions.get("none"), "it has no tone");
  const named = { ...TONE, values: plain("none", "Angry") };
  const [posed] = posedFor([named], { row: 1, seed: 1, requested: {} });
  assert.deepEqual(posed?.answers.toSorted(), ["Angry", "none", "other"]);
  assert.equal(posed?.descriptions.get("none"), undefined);
});
