import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { readJson } from "../../src/config/json.ts";
import { collectRemarks } from "../../src/config/remarks.ts";
import { type Files, load } from "./folder.ts";

/** JSON that is often nearly what a config has. */
const { value: json } = fc.letrec<{ value: unknown; item: unknown; object: unknown }>((tie) => ({
  object: fc.dictionary(
    fc.constantFrom(
      "mean",
      "sigma",
      "shift",
      "max",
      "draw",
      "for",
      "price",
      "seed",
      "__proto__",
      "a",
    ),
    tie("value"),
    { maxKeys: 5 },
  ),
  item: fc.record({
    a: fc.oneof({ weight: 4, arbitrary: fc.constantFrom<unknown>("", "A", "B") }, tie("value")),
    "frequency score": fc.oneof({ weight: 4, arbitrary: fc.constant<unknown>(1) }, tie("value")),
    "draw factor": fc.oneof({ weight: 4, arbitrary: fc.constant<unknown>(2) }, tie("value")),
    when: fc.oneof(
      fc.dictionary(
        fc.constantFrom("a", "b", "c", "__proto__", "constructor"),
        fc.array(fc.constantFrom("", "A", "B"), { maxLength: 2 }),
        { maxKeys: 2 },
      ),
      tie("value"),
    ),
  }, { requiredKeys: [] }),
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(null, true, -1, 0, 1, 1e300, "", "A", "x"),
    tie("object"),
    fc.array(tie("item"), { maxLength: 4 }),
  ),
}));

const content = fc.oneof(
  { weight: 6, arbitrary: json.map((value) => JSON.stringify(value)) },
  {
    weight: 2,
    arbitrary: fc.tuple(json, fc.nat(), fc.string({ maxLength: 2 })).map(([value, at, slip]) => {
      const text = JSON.stringify(value);
      const place = at % (text.length + 1);
      return text.slice(0, place) + slip + text.slice(place + 1);
    }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom("{{a}}", "# system\n{{b}}", "a\t.2\tb", "x\t2", "") },
);

const NAMES = [
  "context.txt",
  "injections/a.json",
  "injections/b.json",
  "injections/c.json",
  "injections/__proto__.json",
  "injections/constructor.json",
  "injections/x.txt",
  "response_length_distribution.json",
  "response_lengh_distrubution.json",
  "prompt.md",
  "avoid.txt",
  "settings.json",
];

Deno.test("loadConfig() gives a sound config or a UserError for any folder", async () => {
  const sound = { "context.txt": "x", "injections/a.json": [{ a: "A", "frequency score": 1 }] };
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.dictionary(fc.constantFrom(...NAMES), content, { maxKeys: 8, noNullPrototype: true }),
      async (based, files: Files) => {
        // Anything thrown that isn't a UserError passes through load().
        const { config, faults } = await load(based ? { ...sound, ...files } : files);
        if (config === null) {
          assert(faults.length > 0);
          for (const line of faults) assert.match(line, /^metro(\/[^:]+)?: ./);
          return;
        }
        for (const values of Object.values(config.attributes)) {
          const sum = values.reduce((total, { score, factor }) => total + score * factor, 0);
          assert(sum > 0 && Number.isFinite(sum));
          assert.equal(new Set(values.map(({ value }) => value)).size, values.length);
        }
      },
    ),
    { numRuns: 1500 },
  );
});

Deno.test("readJson() takes just what JSON.parse takes, keys apart that stand twice", () => {
  const text = fc.oneof(
    fc.json(),
    fc.tuple(fc.json(), fc.nat(), fc.constantFrom(..."[]{},:\"'\\ 0e.-tn\n\t\u00a0\u0001\u007f"))
      .map(([json, at, slip]) => {
        const place = at % (json.length + 1);
        return json.slice(0, place) + slip + json.slice(place + at % 2);
      }),
    fc.array(
      fc.constantFrom(
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        '"a"',
        '"\\u00e5"',
        "-0.5e+3",
        "01",
        "null",
        " ",
        "\n",
      ),
    )
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (text) => {
      const remarks = collectRemarks("metro");
      const came = readJson(text, remarks.on("x.json"));
      let parses = true;
      try {
        JSON.parse(text);
      } catch {
        parses = false;
      }
      if (remarks.faults.some((line) => line.includes("stands twice"))) return;
      assert.equal(came !== null, parses, remarks.faults[0]);
    }),
    { numRuns: 3000 },
  );
});
