import type { Config } from "../../src/config/types.ts";
import { type Model, modelOf } from "../../src/models/model.ts";
import type { Call, ChatRequest, Reply } from "../../src/models/types.ts";
import type { RowRecord, RunManifest } from "../../src/run/types.ts";

/** A folder that goes away with its block. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir({ prefix: "plumbline-run-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** A record of an ok row. */
export function record(row: number, fields: Partial<RowRecord> = {}): RowRecord {
  return {
    row,
    attributes: { topic: "Car loan", tone: "" },
    requestedWords: 14,
    outcome: "ok",
    text: `Text of row ${row}`,
    words: 4,
    reason: null,
    model: "m",
    finishReason: "stop",
    usage: { input: 412, output: 22 },
    cost: 0.00012,
    attempts: 1,
    calls: 1,
    ms: 812,
    at: "2026-01-31T12:00:00.000Z",
    ...fields,
  };
}

/** A small config; its folder is only a name. */
export function config(fields: Partial<Config> = {}): Config {
  const item = { score: 1, factor: 1, prompt: null, when: null };
  return {
    folder: "metro",
    context: "The chat of a city's underground.",
    attributes: {
      topic: [{ ...item, value: "Tickets" }, { ...item, value: "Delays" }],
      tone: [{ ...item, value: "" }, { ...item, value: "Angry" }],
    },
    length: { mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null },
    prompt: null,
    avoid: [],
    settings: {
      temperature: 0.9,
      frequency_penalty: 0.5,
      seed: 1,
      sampling: "even",
      timeout: 60,
      price: { input: 1, output: 2 },
    },
    ...fields,
  };
}

/** A manifest of `count` rows. */
export function manifest(count: number, fields: Partial<RunManifest> = {}): RunManifest {
  return {
    config: config(),
    configHash: "91bc04".padEnd(64, "0"),
    seed: 1,
    sampling: "even",
    count,
    shard: null,
    model: "simulated:faithful",
    parameters: { temperature: 0.9, max_tokens: null, dropped: [], replaced: {} },
    versions: { plumbline: "0.1.0", deno: "2.9.6", prompt: "1" },
    createdAt: "2026-01-31T12:00:00.000Z",
    ...fields,
  };
}

/** An answer that came. */
export function reply(fields: Partial<Reply> = {}): Reply {
  return {
    text: "Where is my train?",
    refusal: null,
    finishReason: "stop",
    model: "m",
    usage: { input: 100, output: 10 },
    ...fields,
  };
}

/** A model in this process whose calls are answered by `answer`. */
export function fakeModel(
  answer: (request: ChatRequest, signal: AbortSignal) => ReturnType<Call>,
  fields: Partial<Model> = {},
): Model {
  return {
    name: "openai:m",
    form: "full",
    concurrency: 8,
    parameters: { temperature: 0.9, frequency_penalty: 0.5 },
    price: {
      price: { input: 1, output: 2, cachedInput: null, batch: null, origin: "this test" },
    },
    open: () =>
      Promise.resolve({
        call: (request, { signal }) => answer(request, signal),
        address: "http://127.0.0.1:1/v1",
        close: () => Promise.resolve(),
      }),
    ...fields,
  };
}

/** A model that answers at once. */
export function instantModel(fields: Partial<Model> = {}): Model {
  return fakeModel(() => Promise.resolve({ reply: reply(), calls: 1 }), fields);
}

/** A model behind an endpoint on loopback, asked through the real client. */
export function endpointModel(baseURL: string, fields: Partial<Model> = {}): Model {
  return {
    ...modelOf({ provider: "openai", name: "m", origin: "test" }, {
      env: { OPENAI_BASE_URL: baseURL },
      settings: { ...config().settings, timeout: 10 },
      project: ".",
    }),
    ...fields,
  };
}
