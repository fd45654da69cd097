import { z } from "zod";
import { injectionShape, lengthShape, settingsShape } from "./schemas.ts";

/**
 * The JSON schemas that editors use for completion, hovers and underlining, by file name, made from
 * the shapes that the loader checks with.
 *
 * @returns File names in `src/config/schemas/` and their text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { schemaFiles } from "./write_schemas.ts";
 * assert(schemaFiles()["length.schema.json"]?.includes('"sigma"'));
 * ```
 */
export function schemaFiles(): Record<string, string> {
  const shapes = { injection: injectionShape, length: lengthShape, settings: settingsShape };
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      // Draft 7 is what editors know best.
      const schema = z.toJSONSchema(shape, { io: "input", target: "draft-7" });
      return [`${name}.schema.json`, JSON.stringify(schema, null, 2) + "\n"];
    }),
  );
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(schemaFiles())) {
    await Deno.writeTextFile(new URL(`schemas/${name}`, import.meta.url), text);
  }
}
