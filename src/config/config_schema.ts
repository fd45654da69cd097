import { z } from "zod";
import { itemFields, longest, parametersShape, settingsFields } from "./schemas.ts";
import type { ShapeOf } from "./shape.ts";
import type { AttributeValue, AvoidTerm, Config, LengthConfig } from "./types.ts";

const parameters = parametersShape.shape;

/**
 * A config as it stands in `run.json`, its fields checked as those of the files are; keys that it
 * doesn't know, of a later version, are kept.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { configSchema } from "./config_schema.ts";
 * import { loadConfig } from "./load.ts";
 * const config = await loadConfig("config");
 * assert.deepEqual(configSchema.parse(JSON.parse(JSON.stringify(config))), config);
 * ```
 */
export const configSchema: z.ZodType<Config> = z.looseObject(
  {
    folder: z.string(),
    context: z.string(),
    attributes: z.record(
      z.string(),
      z.array(z.looseObject(
        {
          value: z.string(),
          score: itemFields.score,
          factor: itemFields.factor,
          prompt: itemFields.prompt.nullable(),
          when: itemFields.when.nullable(),
          description: z.exactOptional(itemFields.description),
        } satisfies ShapeOf<AttributeValue>,
      )),
    ),
    length: z.looseObject(
      {
        ...parameters,
        max: longest.nullable(),
        draw: z.looseObject(parameters).nullable(),
      } satisfies ShapeOf<LengthConfig>,
    ).nullable(),
    prompt: z.string().nullable(),
    avoid: z.array(z.looseObject(
      {
        term: z.string(),
        share: z.number().min(0).max(1).nullable(),
        language: z.string().nullable(),
      } satisfies ShapeOf<AvoidTerm>,
    )),
    settings: z.looseObject(settingsFields),
  } satisfies ShapeOf<Config>,
);
