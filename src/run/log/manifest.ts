import { join } from "node:path";
import { z } from "zod";
import { isAbsent, UserError } from "../../error.ts";
import { parseShard } from "../../plan/shard.ts";
import type { RunManifest } from "../types.ts";

/** The manifest's name in the folder of a run. */
export const MANIFEST_FILE = "run.json";

const lengthParameters = { mean: z.number(), sigma: z.number(), shift: z.number() };

const configSchema = z.looseObject({
  folder: z.string(),
  context: z.string(),
  attributes: z.record(
    z.string(),
    z.array(z.looseObject({
      value: z.string(),
      score: z.number(),
      factor: z.number(),
      prompt: z.string().nullable(),
      when: z.record(z.string(), z.array(z.string())).nullable(),
    })),
  ),
  length: z.looseObject({
    ...lengthParameters,
    max: z.number().nullable(),
    draw: z.looseObject(lengthParameters).nullable(),
  }).nullable(),
  prompt: z.string().nullable(),
  avoid: z.array(z.looseObject({
    term: z.string(),
    share: z.number().nullable(),
    language: z.string().nullable(),
  })),
  settings: z.looseObject({
    model: z.string().exactOptional(),
    temperature: z.number().nullable(),
    frequency_penalty: z.number().nullable(),
    top_p: z.number().nullable().exactOptional(),
    max_tokens: z.number().nullable().exactOptional(),
    count: z.int().exactOptional(),
    seed: z.int(),
    sampling: z.enum(["even", "independent"]),
    concurrency: z.int().exactOptional(),
    timeout: z.number(),
    price: z.looseObject({ input: z.number(), output: z.number() }).exactOptional(),
  }),
});

/** `run.json`; keys that it doesn't know are kept. */
export const manifestSchema: z.ZodType<RunManifest> = z.looseObject({
  config: configSchema,
  configHash: z.string(),
  seed: z.int(),
  sampling: z.enum(["even", "independent"]),
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
});

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
  const issue = checked.error.issues[0];
  throw new UserError(
    `${path}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "?"}. ` +
      `It says what the run asked for: ${REMEDY}`,
  );
}

const REMEDY = "put it back as it was, or give the run another name with --run.";

/**
 * Writes `run.json` so that a reader sees the old one or the new one, never a part.
 *
 * @throws {UserError} Exit 2 where it can't be written.
 */
export async function writeManifest(folder: string, manifest: RunManifest): Promise<void> {
  const path = join(folder, MANIFEST_FILE);
  try {
    await writeThrough(path + ".part", JSON.stringify(manifest, null, 2) + "\n");
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
