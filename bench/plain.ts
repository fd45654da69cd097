/**
 * A process that does what most scripts do: draw, fill a template, ask with `p-limit` around the
 * OpenAI client, keep the texts in memory, write them at the end. Its arguments: base URL, config
 * folder, rows, calls in flight, file to write; and how often the client asks again: then a row
 * without an answer is null, else it ends the process.
 */
import OpenAI from "openai";
import pLimit from "npm:p-limit@7.3.3";

interface Item {
  weight: number;
  value: string;
}

const [baseURL = "", folder = "", rows = "", concurrency = "", file = "", retries] = Deno.args;
const context = (await Deno.readTextFile(`${folder}/context.txt`)).trim();
const attributes = await Promise.all(
  (await Array.fromAsync(Deno.readDir(`${folder}/injections`))).map(({ name }) => readItems(name)),
);
const client = new OpenAI({ apiKey: "none", baseURL, maxRetries: Number(retries ?? 0) });
const limit = pLimit(Number(concurrency));
const texts = await Promise.all(
  Array.from({ length: Number(rows) }, () => limit(() => row(attributes.map(pick)))),
);
await Deno.writeTextFile(file, JSON.stringify(texts, null, 2));

async function readItems(name: string): Promise<Item[]> {
  const items: Record<string, unknown>[] = JSON.parse(
    await Deno.readTextFile(`${folder}/injections/${name}`),
  );
  return items.map(({ "frequency score": weight, ...rest }) => ({
    weight: Number(weight),
    value: String(Object.values(rest)[0]),
  }));
}

function pick(items: Item[]): string {
  let left = Math.random() * items.reduce((sum, { weight }) => sum + weight, 0);
  return (items.find(({ weight }) => (left -= weight) < 0) ?? items[0])?.value ?? "";
}

async function row(values: string[]): Promise<string | null> {
  if (retries === undefined) return await ask(values);
  return await ask(values).catch(() => null);
}

async function ask(values: string[]): Promise<string | null> {
  const completion = await client.chat.completions.create({
    model: "bench",
    temperature: 0.9,
    messages: [
      { role: "system", content: `You write what users of this assistant write.\n\n${context}` },
      { role: "user", content: `Write one message. It is about:\n${values.join("\n")}` },
    ],
  });
  return completion.choices[0]?.message.content ?? null;
}
