import type OpenAI from "openai";

/**
 * The client composes two signals for each call: the caller's and that of its own time-out. Here the
 * caller's signal aborts the client's own controller, as it does in runtimes that can't compose:
 * that takes a part off what a row costs in processor time, and nothing is left in memory of a call
 * that is over.
 *
 * The signal has to be of this call alone, since what is hung on it stays there.
 *
 * @param fetch The one that the client was given.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import OpenAI from "openai";
 * import { withOneController } from "./one_controller.ts";
 * const fetch = () => Promise.resolve(Response.json({ choices: [] }));
 * const own = new OpenAI({ apiKey: "k", baseURL: "http://127.0.0.1:1/v1", fetch });
 * const client = withOneController(own, fetch);
 * const { choices } = await client.chat.completions.create({ model: "m", messages: [] });
 * assert(choices.length === 0);
 * ```
 */
export function withOneController<Client extends OpenAI>(
  client: Client,
  fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>,
): Client {
  const whole = client.fetchWithTimeout.bind(client);
  client.fetchWithTimeout = async (url, init, ms, controller) => {
    // Uploads are bodies of another kind; there are few of them.
    if (typeof init?.body !== "string") return await whole(url, init, ms, controller);
    const { signal, ...request } = init;
    const abort = () => controller.abort();
    signal?.addEventListener("abort", abort, { once: true });
    const timer = setTimeout(abort, ms);
    try {
      return await fetch(url, { ...request, signal: controller.signal });
    } finally {
      clearTimeout(timer);
    }
  };
  return client;
}
