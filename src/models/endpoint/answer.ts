import OpenAI from "openai";
import { LongAnswerError, LONGEST_ANSWER } from "./bounded_body.ts";
import type { Endpoint } from "./client.ts";
import { isShallow, soundFault } from "./fault_body.ts";
import { faultOf } from "./faults.ts";
import { finishOf } from "./finish_reasons.ts";
import { bodyIn, readReply } from "./reply.ts";
import { withoutSecrets } from "./secrets.ts";
import type { Fault, Reply } from "../types.ts";
import type { Sent, Wire } from "./wire.ts";
import { oneLine } from "./words.ts";

/** Who answered, and what was sent. */
export interface AnswerOptions {
  endpoint: Pick<Endpoint, "provider" | "model" | "address" | "secrets">;
  /** Learns from the answer. */
  wire: Wire;
  sent: Sent;
  /** Whether the request can be sent once more where the answer teaches how; else it ends here. */
  mayLearn: boolean;
}

/** What an answer means. */
export type Meaning = { reply: Reply } | { fault: Fault } | "again";

/**
 * What the answer to one request means: a reply, a fault, or "again" where it taught how requests
 * have to be sent. An answer that isn't whole is a fault, and so is one in which an error is told.
 *
 * @param came The body of a 200, or what stood in its place: an error of the client.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { answerOf } from "./answer.ts";
 * import { openWire } from "./wire.ts";
 * const wire = openWire({ model: "m", parameters: {}, notes: { dropped: [], replaced: {} } });
 * const endpoint = { provider: "openai" as const, model: "m", address: "here", secrets: [] };
 * const { sent } = wire.put({ messages: [], seed: 1, maxTokens: 9 });
 * const body = { choices: [{ message: { content: "Hej" } }] };
 * const answer = answerOf({ body }, { endpoint, wire, sent, mayLearn: true });
 * assert(answer !== "again" && "reply" in answer && answer.reply.text === "Hej");
 * ```
 */
export function answerOf(
  came: { body: unknown } | { error: unknown },
  options: AnswerOptions,
): Meaning {
  const { endpoint, wire, sent, mayLearn } = options;
  if ("error" in came) return meaningOfError(came.error, options);
  const body = bodyIn(came.body);
  const read = readReply(body, { model: endpoint.model });
  const told = errorTold(read === null ? body : { error: read.error });
  if (told !== null) return meaningOfTold(told, options);
  if (read === null) return { fault: faultOfOther(body, endpoint) };
  const reply = cleared(read.reply, endpoint.secrets);
  const { finishReason } = reply;
  const finish = finishOf(finishReason);
  if (finish === "broken") {
    const reason = `the endpoint broke the answer off (finish reason ${finishReason})`;
    return { fault: faultInAnswer(reason, endpoint) };
  }
  if ((reply.text?.length ?? 0) + (reply.refusal?.length ?? 0) > LONGEST_ANSWER) {
    return { fault: tooLong(new LongAnswerError()) };
  }
  wire.answered(sent, finish === "unknown" ? finishReason : null);
  const cut = read.hiddenReasoning && finish === "truncated";
  if (cut && mayLearn && wire.learnToWait(sent)) return "again";
  return { reply };
}

function meaningOfError(error: unknown, options: AnswerOptions): Meaning {
  const { endpoint, wire, sent, mayLearn } = options;
  if (error instanceof LongAnswerError) return { fault: tooLong(error) };
  const fault = faultOf(error, endpoint);
  // Some servers fail at what others reject.
  const mayTeach = fault.kind === "rejected" || fault.status === 500;
  const learned = mayTeach && mayLearn && wire.learn(error, sent);
  return learned ? "again" : { fault };
}

/** Asked again it would hardly be shorter, and it is paid for each time. */
function tooLong({ message }: LongAnswerError): Fault {
  return { kind: "rejected", reason: message, status: 200, retryAfterMs: null };
}

/** An error that is told in an answer; `status` is null where it has none of HTTP's. */
interface Told {
  status: number | null;
  error: Record<string, unknown>;
}

/** The error in the body of a 200; null where there is none. */
function errorTold(body: unknown): Told | null {
  if (!isRecord(body)) return null;
  const { error } = body;
  if (typeof error === "string") {
    return error === "" ? null : { status: null, error: { message: error } };
  }
  // Some servers put the error itself in the body's place.
  const fields = isRecord(error) ? error : body["object"] === "error" ? body : null;
  if (fields === null) return null;
  const status = statusIn(fields);
  const { code, message } = fields;
  // A code such as 0 or 200 says that all went well.
  const isNone = !message || typeof code === "number" && code < 400;
  if (status === null && isNone) return null;
  return { status, error: fields };
}

/** What is said of a fault in place of a number. */
const WORDS: [pattern: RegExp, status: number][] = [
  [/rate.?limit|too.?many.?requests|resource.?exhausted|throttl/i, 429],
  [/overload|unavailable|busy|capacity/i, 503],
  [/server.?error|internal/i, 500],
];

function statusIn(error: Record<string, unknown>): number | null {
  const said = [error["code"], error["status"], error["status_code"], error["type"]]
    .filter((each) => typeof each === "string" || typeof each === "number");
  const number = said.map(Number).find((each) => each >= 400 && each <= 599);
  if (number !== undefined) return Math.floor(number);
  const words = said.join(" ").slice(0, 200);
  return WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

function meaningOfTold({ status, error }: Told, options: AnswerOptions): Meaning {
  const { endpoint } = options;
  const body = soundFault({ error });
  if (status !== null && isRecord(body)) {
    const told = OpenAI.APIError.generate(status, body, undefined, new Headers());
    return meaningOfError(told, options);
  }
  return { fault: faultInAnswer(`the answer tells of an error: ${shown(body)}`, endpoint) };
}

/** A 200 that is no chat completion. */
function faultOfOther(body: unknown, endpoint: AnswerOptions["endpoint"]): Fault {
  const words = oneLine(shown(body), { secrets: endpoint.secrets, length: 80 }) || "an empty body";
  return faultInAnswer(`the answer was no chat completion: ${words}`, endpoint);
}

function faultInAnswer(reason: string, { secrets }: AnswerOptions["endpoint"]): Fault {
  return {
    kind: "passing",
    reason: oneLine(reason, { secrets }),
    status: 200,
    retryAfterMs: null,
  };
}

/** A body in words: its message where it has one, whatever else it is. */
export function shown(body: unknown): string {
  if (typeof body === "string") return body;
  if (!isShallow(body)) return "one too deep or too large to be read";
  const error = isRecord(body) && isRecord(body["error"]) ? body["error"] : null;
  const message = error?.["message"];
  return typeof message === "string" ? message : JSON.stringify(body) ?? "";
}

/** Characters of a model's name or a finish reason; more isn't kept. */
const LONGEST_NAME = 200;

/** An answer may repeat what it was asked with, headers included: a key stands in no file. */
function cleared(reply: Reply, secrets: readonly string[]): Reply {
  const { text, refusal, finishReason, model } = reply;
  const clear = (text: string) => withoutSecrets(text, secrets);
  return {
    ...reply,
    text: text === null ? null : clear(text),
    refusal: refusal === null ? null : clear(refusal),
    finishReason: finishReason === null ? null : clear(finishReason).slice(0, LONGEST_NAME),
    model: clear(model).slice(0, LONGEST_NAME),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
