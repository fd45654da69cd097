import assert from "node:assert/strict";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import { UserError } from "../../src/error.ts";

const TEXT = "Kära kund\n";

/** UTF-16 with its byte order mark. */
function utf16(text: string, order: "little" | "big"): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * text.length + 2));
  Array.from("\ufeff" + text).forEach((letter, index) =>
    bytes.setUint16(2 * index, letter.charCodeAt(0), order === "little")
  );
  return new Uint8Array(bytes.buffer);
}

const latin1 = Uint8Array.from("Hej\nK\u00e4ra kund", (letter) => letter.charCodeAt(0));
const UTF16 = "folder/context.txt: it is UTF-16: save it as UTF-8";
const CASES: [name: string, bytes: Uint8Array, result: string][] = [
  ["UTF-8", new TextEncoder().encode(TEXT), "Kära kund"],
  ["a byte order mark", new TextEncoder().encode("\ufeff" + TEXT), "Kära kund"],
  ["CRLF and CR", new TextEncoder().encode("a\r\nb\rc"), "a\nb\nc"],
  ["UTF-16 (little)", utf16(TEXT, "little"), UTF16],
  ["UTF-16 (big)", utf16(TEXT, "big"), UTF16],
  [
    "UTF-16 without a mark",
    utf16(TEXT, "little").subarray(2),
    "folder/context.txt: it has NUL bytes, so it is UTF-16 or no text: save it as UTF-8",
  ],
  [
    "Latin-1",
    latin1,
    "folder/context.txt: line 2 isn't valid UTF-8: save the file as UTF-8",
  ],
];

for (const [name, bytes, result] of CASES) {
  Deno.test(`loadConfig() reads or refuses ${name}`, async () => {
    const project = await Deno.makeTempDir();
    try {
      await Deno.mkdir(join(project, "folder/injections"), { recursive: true });
      const tone = new TextEncoder().encode('\ufeff[{"tone": "x", "frequency score": 1}]');
      await Deno.writeFile(join(project, "folder/injections/tone.json"), tone);
      await Deno.writeFile(join(project, "folder/context.txt"), bytes);
      const came = await loadConfig("folder", { project }).then(
        (config) => config.context,
        (error) => error instanceof UserError ? error.message : Promise.reject(error),
      );
      assert.equal(came, result);
    } finally {
      await Deno.remove(project, { recursive: true });
    }
  });
}
