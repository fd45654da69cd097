import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { printable } from "../../src/text/printable.ts";

Deno.test("control and bidi characters become escapes that can be read", () => {
  const cases: [string, string][] = [
    ["\u001b[31mred", "\\u001b[31mred"],
    ["a\u0000b\u007fc\u0085d\u009b", "a\\u0000b\\u007fc\\u0085d\\u009b"],
    ["\u202eevil\u2066x\u200f\u061c", "\\u202eevil\\u2066x\\u200f\\u061c"],
    ["hid\u200bden\u2060\ufeff\u00ad", "hid\\u200bden\\u2060\\ufeff\\u00ad"],
    ["a\u2028b\u2029c", "a\\u2028b\\u2029c"],
    ["tag\u{e0041}", "tag\\u{e0041}"],
    ["half \ud800", "half \\ud800"],
  ];
  for (const [text, shown] of cases) assert.equal(printable(text), shown);
});

Deno.test("line ends become one mark each, tabs spaces", () => {
  assert.equal(printable("one\ntwo\r\nthree\rfour"), "one ⏎ two ⏎ three ⏎ four");
  assert.equal(printable("one\r\n\r\ntwo\tx"), "one ⏎⏎ two x");
});

Deno.test("text as people write it stays as it is", () => {
  for (
    const text of [
      "Åke köper smör – “ja”!",
      "👩‍👩‍👧 ❤️ 👍🏽",
      "می‌خواهم",
      "क्‍ष",
      "日本語 テスト",
      "e\u0301",
    ]
  ) {
    assert.equal(printable(text), text);
  }
});

Deno.test("a joiner that hides between Latin letters is shown", () => {
  assert.equal(printable("pay\u200dpal\u200c"), "pay\\u200dpal\\u200c");
});

Deno.test("whatever comes in, one line without control characters comes out", () => {
  const common = fc.constantFrom(..."a\r\n\t\u001b\u0085\u200b\u200d\u200e\u202e\u2028\u2066");
  const any = fc.integer({ min: 0, max: 0x10ffff }).map((point) => String.fromCodePoint(point));
  fc.assert(fc.property(fc.string({ unit: fc.oneof(common, any) }), (text) => {
    assert.doesNotMatch(
      printable(text),
      /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]/u,
    );
  }));
});
