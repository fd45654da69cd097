import { soundFault } from "./fault_body.ts";

/** Bytes of an answer's body, unpacked. A row's text is a thousandth of that. */
export const LONGEST_ANSWER = 4 * 1024 * 1024;

/** Characters of a fault's body. */
const LONGEST_FAULT = 65_536;

/** Characters of a fault that is no JSON. */
const LONGEST_WORDS = 16_384;

const LONGEST_FAULT_WAIT_MS = 5_000;

/** An answer has no end, or is longer than any that was asked for. */
export class LongAnswerError extends Error {
  override name = "LongAnswerError";
  constructor() {
    super(`the answer is longer than ${LONGEST_ANSWER / 1024 / 1024} MB`);
  }
}

/**
 * A response whose body can be read whole without harm. Most come back as they are; one that doesn't
 * say how long it is, or is packed, is read here up to {@linkcode LONGEST_ANSWER}.
 *
 * The client's time limit covers the body of an answer, but not the body of a fault: one that never
 * ends would hold its slot for ever. So faults are read here, as far as they come in time; and so
 * are empty answers, whose connection the client would leave open.
 *
 * @param options `timeoutMs`: how long a fault's body may take; `isFile`: an answer is a file, which is
 * read as a stream, with bounds of its own; `signal`: of the call.
 * @returns Where an answer is longer or breaks off, reading its body throws: a {@linkcode LongAnswerError}
 * or what broke it off.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { boundedResponse } from "./bounded_body.ts";
 * const response = await boundedResponse(new Response("Hej"), { timeoutMs: 1000 });
 * assert(await response.text() === "Hej");
 * ```
 */
export async function boundedResponse(
  response: Response,
  options: { timeoutMs: number; isFile?: boolean; signal?: AbortSignal | null | undefined },
): Promise<Response> {
  const { status, headers, body, ok } = response;
  if (body === null) return response;
  const length = headers.get("content-length");
  if (!ok || length === "0") {
    const wait = Math.min(options.timeoutMs, LONGEST_FAULT_WAIT_MS);
    return new Response(soundText(await firstOf(body, wait)), { status, headers });
  }
  const isPacked = headers.has("content-encoding");
  if (options.isFile || length !== null && !isPacked && Number(length) <= LONGEST_ANSWER) {
    return response;
  }
  try {
    return new Response(await wholeOf(body), { status, headers });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    // It is told where the body is read, as for a body that isn't read here.
    const broken = new ReadableStream({ start: (controller) => controller.error(error) });
    return new Response(broken, { status, headers });
  }
}

type Body = NonNullable<Response["body"]>;

/** All of a body; it mostly comes at once. */
async function wholeOf(body: Body): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > LONGEST_ANSWER) {
      reader.cancel().catch(() => {});
      throw new LongAnswerError();
    }
    parts.push(value);
  }
  const [first = new Uint8Array()] = parts;
  if (parts.length <= 1) return first;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** A fault's text, whatever it was, as one that can be read. */
function soundText(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return text.slice(0, LONGEST_WORDS);
  }
  return JSON.stringify(soundFault(body));
}

async function firstOf(body: Body, milliseconds: number): Promise<string> {
  const reader = body.getReader();
  const timer = setTimeout(() => reader.cancel().catch(() => {}), milliseconds);
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (text.length < LONGEST_FAULT) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // The status says what is wrong even where its words broke off.
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => {});
  }
  return text;
}
