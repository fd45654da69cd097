import { join } from "node:path";
import { z } from "zod";
import { configSchema } from "../../config/config_schema.ts";
import { settingsFields } from "../../config/schemas.ts";
import type { ShapeOf } from "../../config/shape.ts";
import { isAbsent, UserError } from "../../error.ts";
import { parseShard } from "../../plan/shard.ts";
import type { RunManifest } from "../types.ts";

/** The manifest's name in the folder of a run. */
export const MANIFEST_FILE = "run.json";

/** `run.json`; keys that it doesn't know are kept. */
export const manifestSchema: z.ZodType<RunManifest> = z.looseObject(
  {
    config: configSchema,
    configHash: z.string(),
    seed: z.int(),
    sampling: settingsFields.sampling,
    count: z.int().min(0),
    shard: z.string().refine((text) => parseShard(text) !== null, "expected i/n, such as 1/4")
      .nullable(),
    model: z.string(),
    parameters: z.looseObject({
      temperature: z.number().nullable().exactOptional(),
      frequency_penalty: z.number().nullable().exactOptional(),
      top_p: z.number().nullable().exactOptional(),
      max_tokens: z.number().nullable(),
      dropped: z.array(z.string()),
      replaced: z.record(z.string(), z.string()),
    }),
    versions: z.looseObject({ plumbline: z.string(), deno: z.string(), prompt: z.string() }),
    createdAt: z.string(),
  } satisfies ShapeOf<RunManifest>,
);

/**
 * Reads `run.json` of a run's folder; null where there is none.
 *
 * @throws {UserError} Exit 2 where it can't be understood, with the place in it.
 */
export async function readManifest(folder: string): Promise<RunManifest | null> {
  const path = join(folder, MANIFEST_FILE);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${path} is not JSON. It says what the run asked for: ${REMEDY}`, {
      cause,
    });
  }
  const checked = manifestSchema.safeParse(value);
  if (checked.success) return checked.data;
  throw new UserError(
    `${path}: ${firstFault(checked.error)}. It says what the run asked for: ${REMEDY}`,
  );
}

function firstFault({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "?"}`;
}

const REMEDY = "put it back as it was, or give the run another name with --run.";

/**
 * Writes `run.json` so that a reader sees the old one or the new one, never a part. What the reader
 * would refuse isn't written.
 *
 * @throws {UserError} Exit 2 where it can't be written, or where the config, made by a script, has
 * something that no config folder could say.
 */
export async function writeManifest(folder: string, manifest: RunManifest): Promise<void> {
  const path = join(folder, MANIFEST_FILE);
  const text = JSON.stringify(manifest, null, 2) + "\n";
  const checked = manifestSchema.safeParse(JSON.parse(text));
  if (!checked.success) {
    throw new UserError(`A run can't be asked for so: ${firstFault(checked.error)}.`);
  }
  try {
    await writeThrough(path + ".part", text);
    await Deno.rename(path + ".part", path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${path} can't be written: ${why}.`, { cause });
  }
}

async function writeThrough(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
  await file.sync();
}
