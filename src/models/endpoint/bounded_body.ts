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
 * read as a stream, with bounds of its own.
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
  options: { timeoutMs: number; isFile?: boolean },
): Promise<Response> {
  const { status, headers, ok } = response;
  const length = headers.get("content-length");
  // Of most answers the body isn't even looked at here: that alone costs time.
  const isShort = length !== null && length !== "0" && Number(length) <= LONGEST_ANSWER &&
    !headers.has("content-encoding");
  if (ok && (isShort || options.isFile)) return response;
  const { body } = response;
  if (body === null) return response;
  if (!ok || length === "0") {
    const wait = Math.min(options.timeoutMs, LONGEST_FAULT_WAIT_MS);
    return new Response(soundText(await firstOf(body, wait)), { status, headers });
  }
  // The client reads an answer by this alone; a response of its own would cost more than the reading.
  return Object.assign(response, { text: () => wholeText(body) });
}

type Body = NonNullable<Response["body"]>;

/** All of a body. */
async function wholeText(body: Body): Promise<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.byteLength;
    if (length > LONGEST_ANSWER) {
      reader.cancel().catch(() => {});
      throw new LongAnswerError();
    }
    text += decoder.decode(value, { stream: true });
  }
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
