import { join } from "node:path";
import type { Price } from "../../src/config/types.ts";
import type { Label } from "../../src/run/log/labels.ts";
import { readRun } from "../../src/run/log/read.ts";
import type { RowRecord } from "../../src/run/types.ts";
import { judge, type JudgeOptions, type JudgeSummary } from "../../src/judge/judge.ts";
import { judgeModel } from "../../src/judge/judge_model.ts";
import { runToJudge } from "../../src/judge/source.ts";
import { type AskedBody, type Behaviour, ok } from "../endpoint.ts";
import { config, manifest, record } from "../run/fixtures.ts";

/** What the texts of these runs really are, and say. */
export const TOPICS = ["Tickets", "Delays"] as const;

/** Writes a run of ok rows whose texts name their topic; odd rows are about delays. */
export async function writeRun(
  folder: string,
  options: { rows: number; fields?: (row: number) => Partial<RowRecord> },
): Promise<void> {
  const { rows, fields = () => ({}) } = options;
  await Deno.mkdir(folder, { recursive: true });
  const item = { score: 1, factor: 1, prompt: null, when: null };
  const attributes = {
    topic: TOPICS.map((value) => ({ ...item, value })),
    instruction: ["Ask why", "Ask when"].map((value) => ({ ...item, value })),
  };
  const made = manifest(rows, { config: config({ attributes }), model: "openai:m" });
  await Deno.writeTextFile(join(folder, "run.json"), JSON.stringify(made));
  const lines = Array.from({ length: rows }, (_, row) =>
    JSON.stringify(record(row, {
      attributes: { topic: TOPICS[row % 2] ?? "", instruction: "Ask why" },
      text: `Message ${row} about ${TOPICS[row % 2]}`,
      ...fields(row),
    })));
  await Deno.writeTextFile(join(folder, "records.jsonl"), lines.join("\n") + "\n");
}

/** Judges a run by an endpoint on loopback. */
export async function judgeBy(
  baseURL: string,
  folder: string,
  options: Omit<JudgeOptions, "model"> & { model?: string; price?: Price } = {},
): Promise<JudgeSummary> {
  const source = runToJudge(await readRun(folder));
  const { model = "openai:judge", price, ...others } = options;
  return await judge(source, {
    ...others,
    model: judgeModel(source, { model, price, env: { OPENAI_BASE_URL: baseURL }, timeout: 10 }),
  });
}

/** The user's message of a request. */
export function promptOf({ messages = [] }: AskedBody): string {
  return messages.at(-1)?.content ?? "";
}

/** Answers truly, as JSON; instructions are followed. */
export function truth(body: AskedBody): Behaviour {
  const topic = TOPICS.find((topic) => promptOf(body).includes(`about ${topic}`)) ?? "none";
  const asked = promptOf(body).includes('"instruction"') ? { instruction: "yes" } : {};
  return ok(JSON.stringify(promptOf(body).includes('"topic"') ? { topic, ...asked } : asked));
}

/** The lines of a run's labels. */
export async function linesIn(folder: string): Promise<Label[]> {
  const text = await Deno.readTextFile(join(folder, "labels.jsonl"));
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}
