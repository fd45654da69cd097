import assert from "node:assert/strict";
import { join } from "node:path";
import { generate, type GenerateSummary } from "../../../src/run/generate.ts";
import { openSpentElsewhere, watchSpending } from "../../../src/run/cost/spent_elsewhere.ts";
import { startEndpoint } from "../../endpoint.ts";
import { config, instantModel, record, temporaryFolder } from "../fixtures.ts";

const price = { input: 1, output: 2 };

Deno.test("watchSpending() looks again in time, and the more often the less is left", () => {
  let time = 0;
  let looks = 0;
  const spent = watchSpending({
    look: () => {
      looks++;
      return 0;
    },
    shards: 4,
    maxCost: 100,
    now: () => time,
  });
  for (let own = 0; own < 12; own++) spent(own);
  assert.equal(looks, 1, "little is spent, and no time went by");
  spent(13);
  assert.equal(looks, 2, "four times 13 may be half of it");
  time += 1000;
  spent(13);
  assert.equal(looks, 3, "time went by");
  for (let own = 14; own <= 99; own += 0.5) spent(own);
  assert.ok(looks > 12 && looks < 100, `${looks}`);
});

Deno.test("the other shards' logs are read as they grow, but for lines that are still written", async () => {
  await using folder = await temporaryFolder();
  let time = 0;
  const elsewhere = openSpentElsewhere(folder.path, {
    shard: { index: 2, of: 3 },
    price,
    maxCost: 100,
    now: () => time += 1000,
  });
  try {
    const write = async (shard: number, text: string) => {
      const inside = join(folder.path, `shard-${shard}-of-3`);
      await Deno.mkdir(inside, { recursive: true });
      await Deno.writeTextFile(join(inside, "records.jsonl"), text, { append: true });
    };
    const line = (cost: number | null) =>
      JSON.stringify(record(0, { cost, text: "Hej då, å ä ö" }));
    const usd = () => Number(elsewhere.usd(0).toPrecision(9));
    assert.equal(usd(), 0);
    await write(1, `${line(1)}\n`);
    await write(2, `${line(50)}\n`);
    assert.equal(usd(), 1, "its own log doesn't count");
    await write(3, `${line(2)}\n\nno record\n${line(null)}\n`);
    assert.equal(usd(), 3 + (412 + 2 * 22) / 1e6);
    const whole = line(4);
    await write(1, whole.slice(0, -5));
    assert.equal(usd(), 3.000456);
    await write(1, `${whole.slice(-5)}\n${line(8)}\n`);
    assert.equal(usd(), 15.000456);
  } finally {
    elsewhere.close();
  }
});

Deno.test("a shard stops where the others have used up the run's limit, and says so", async () => {
  await using folder = await temporaryFolder();
  const run = { model: instantModel(), output: folder.path, run: "mine", count: 1024 };
  const row = 120e-6;
  await generate(config(), { ...run, shard: "1/4" });
  const second = await generate(config(), { ...run, shard: "2/4", maxCost: 300 * row });
  assert.ok(second.counts.ok >= 34 && second.counts.ok <= 44, `${second.counts.ok}`);
  assert.ok(Math.abs(second.costElsewhere! - 256 * row) < 1e-9);
  const { stopped } = second;
  assert.ok(typeof stopped === "object" && stopped !== null);
  assert.match(stopped.message, /\$0\.0[34]\d* are spent \(\$0\.03 of it by other shards\)/);
  assert.match(stopped.message, /This shard is expected to take \$0\.0\d more\./);

  const third = await generate(config(), { ...run, shard: "3/4", maxCost: 200 * row });
  assert.deepEqual([third.asked, third.cost], [0, null]);
  const all = await generate(config(), { ...run, shard: "3/4", maxCost: 1000 * row });
  assert.deepEqual([all.counts.ok, all.stopped], [256, null]);
});

Deno.test("processes that make shards at once pass the run's limit by their calls in flight at most", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ latencyMs: 5 });
  const row = 22e-6;
  const maxCost = 1000 * row;
  const summaries: GenerateSummary[] = await Promise.all([1, 2, 3, 4].map(async (shard) => {
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", "--no-check", "-A"].concat(
        new URL("../generating.ts", import.meta.url).pathname,
        [folder.path, endpoint.baseURL, "4096", `${shard}/4`, `${maxCost}`],
      ),
    }).output();
    assert(success);
    return JSON.parse(new TextDecoder().decode(stdout));
  }));
  const rows = summaries.reduce((sum, { counts }) => sum + counts.ok, 0);
  const inFlight = 4 * 16;
  assert.ok(rows >= 950 && rows <= 1000 + inFlight, `${rows}`);
  assert.equal(rows, endpoint.requests);
  for (const { stopped } of summaries) {
    assert.ok(typeof stopped === "object" && stopped !== null && stopped.exitCode === 3);
  }
});
