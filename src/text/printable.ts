/**
 * A text from a model as one line that a terminal can show safely: nothing in it moves the cursor,
 * sets colours, turns the direction of writing, or hides. Such characters become escapes that can be
 * read (`\u001b`), line ends become ` ⏎ `, tabs become spaces.
 *
 * Joiners stay where scripts and emoji need them: between two characters beyond Latin.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { printable } from "./printable.ts";
 * assert.ok(printable("red \u001b[31m") === "red \\u001b[31m");
 * assert.ok(printable("one\r\ntwo") === "one ⏎ two");
 * ```
 */
export function printable(text: string): string {
  return text
    .replace(UNSAFE, (char) => {
      const point = (char.codePointAt(0) ?? 0).toString(16);
      return point.length > 4 ? `\\u{${point}}` : `\\u${point.padStart(4, "0")}`;
    })
    .replace(/(?:\r\n?|\n)+/g, (ends) => ` ${"⏎".repeat(ends.match(/\r\n?|\n/g)?.length ?? 0)} `)
    .replaceAll("\t", " ");
}

// Control and ignorable characters (the bidi controls and all of zero width are among these), line
// and paragraph separators, annotation anchors and lone surrogates; but tab and line ends, which are
// replaced apart, variation selectors, which choose a picture, and joiners.
const HIDDEN = String
  .raw`[[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]--[\t\n\r\p{Variation_Selector}\u200c\u200d]]`;
const JOINED = String.raw`[[\p{L}\p{M}\p{Emoji}]--[\p{ASCII}\p{Script=Latin}]]`;
const UNSAFE = new RegExp(
  String.raw`${HIDDEN}|(?<!${JOINED})[\u200c\u200d]|[\u200c\u200d](?!${JOINED})`,
  "gv",
);
