import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { parseTemplate } from "../../src/config/template.ts";
import { templateFiller } from "../../src/prompt/template.ts";

Deno.test("parseTemplate() cuts at # system and # user, in any order and with CRLF", () => {
  assert.deepEqual(parseTemplate("# user\r\nAsk.\r\n# system\r\nBe brief.\r\n"), {
    system: "Be brief.",
    user: "Ask.",
  });
});

Deno.test("parseTemplate() takes a text without headings as the user message", () => {
  assert.deepEqual(parseTemplate("# A title\nWrite.\n"), {
    system: "",
    user: "# A title\nWrite.",
  });
});

Deno.test("templateFiller() drops a line whose markers are all empty and keeps one with a value", () => {
  const template = parseTemplate("Write.\nSound {{tone}}.\nOn {{topic}}, {{tone}}.\n");
  assert.deepEqual(templateFiller(template)({ tone: "", topic: "loans", avoid: "" }), [
    { role: "user", content: "Write.\nOn loans, ." },
  ]);
});

Deno.test("templateFiller() replaces in one pass: markers inside values stay", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("{{topic}}", "{{context}}", "{", "}", "a ")),
      (parts) => {
        const value = `x${parts.join("")}x`;
        const [message] = templateFiller({ system: "", user: "<{{topic}}>" })({
          topic: value,
          context: "never",
          avoid: "",
        });
        assert.equal(message?.content, `<${value}>`);
      },
    ),
  );
});

Deno.test("templateFiller() puts dollar signs of a value in as they are", () => {
  const [message] = templateFiller({ system: "", user: "{{topic}}" })({
    topic: "$& $1 $$",
    avoid: "",
  });
  assert.equal(message?.content, "$& $1 $$");
});

Deno.test("templateFiller() puts the avoid-list at its marker, else after the last line", () => {
  const values = { avoid: "Avoid: “hello”" };
  assert.equal(
    templateFiller(parseTemplate("{{avoid}}\nWrite."))(values)[0]?.content,
    "Avoid: “hello”\nWrite.",
  );
  assert.equal(
    templateFiller(parseTemplate("Write."))(values)[0]?.content,
    "Write.\nAvoid: “hello”",
  );
});
