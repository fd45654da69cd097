/** What a GET came to. */
export interface Probed {
  /** HTTP status; null where no response came in time. */
  status: number | null;
  /** The body if it is JSON, else undefined. */
  json: unknown;
  /** Where a redirect points to. */
  location: string | null;
}

/** Looks at an address by GET; follows no redirect and never throws. */
export type Probe = (url: string) => Promise<Probed>;

/** Effects of {@linkcode openProbe}, with real defaults. */
export interface ProbeOptions {
  /** Sent with each GET. */
  headers: Record<string, string>;
  fetch?: typeof globalThis.fetch;
  /** Default 5000. */
  timeoutMs?: number;
}

/** Lists of large providers take a few hundred kilobytes. */
const longestList = 4_000_000;

/** Makes a probe. */
export function openProbe(options: ProbeOptions): Probe {
  const { headers, fetch = globalThis.fetch, timeoutMs = 5_000 } = options;
  return async (url) => {
    const timer = new AbortController();
    const timeout = setTimeout(() => timer.abort(), timeoutMs);
    try {
      const response = await fetch(url, { headers, redirect: "manual", signal: timer.signal });
      const text = await readBounded(response, { bytes: longestList });
      return {
        status: response.status,
        json: parsed(text),
        location: response.headers.get("location"),
      };
    } catch {
      return { status: null, json: undefined, location: null };
    } finally {
      clearTimeout(timeout);
    }
  };
}

/** The start of a response's text; the rest is left. */
export async function readBounded(
  response: Response,
  { bytes }: { bytes: number },
): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let taken = 0;
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    taken += chunk.length;
    // Leaving the loop cancels the body.
    if (taken >= bytes) break;
  }
  return text;
}

/**
 * The names in a list of models, as `GET /models` gives it; null where the answer is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { namesIn } from "./probe.ts";
 * assert.deepEqual(namesIn({ object: "list", data: [{ id: "qwen2.5:7b" }] }), ["qwen2.5:7b"]);
 * assert(namesIn({ detail: "Not Found" }) === null);
 * ```
 */
export function namesIn(json: unknown): string[] | null {
  if (typeof json !== "object" || json === null || !("data" in json)) return null;
  if (!Array.isArray(json.data)) return null;
  const entries: unknown[] = json.data;
  return entries.flatMap((entry) =>
    typeof entry === "object" && entry !== null && "id" in entry && typeof entry.id === "string"
      ? [entry.id]
      : []
  );
}

/** Whether an answer is that of an API that has the path: a list, or a demand for a key. */
export function isThere({ status, json }: Probed): boolean {
  if (status === 200) return namesIn(json) !== null;
  return (status === 401 || status === 403) && typeof json === "object" && json !== null;
}

/**
 * Base URLs on the same host that a mistyped one may have meant, likeliest first: paths cut off
 * that the client adds by itself, and those under which servers offer OpenAI's protocol.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { likelyBases } from "./probe.ts";
 * assert(likelyBases(new URL("http://127.0.0.1:8000"))[0] === "http://127.0.0.1:8000/v1");
 * ```
 */
export function likelyBases(base: URL): string[] {
  const path = base.pathname.replace(/\/+$/, "");
  const cut = path.replace(/\/(chat|completions|models|responses|embeddings|generate)(\/.*)?$/, "");
  const upToVersion = /^(.*?\/v\d+)(\/.*)?$/.exec(path)?.[1];
  const paths = [
    upToVersion,
    `${path}/v1`,
    `${cut}/v1`,
    cut,
    "/v1",
    "/api/v1",
    "/openai/v1",
    "/v1beta/openai",
  ].filter((candidate) => candidate !== undefined && candidate !== path);
  return [...new Set(paths.map((candidate) => `${base.origin}${candidate}`))];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
