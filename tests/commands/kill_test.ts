import assert from "node:assert/strict";
import { join } from "node:path";
import { startEndpoint } from "../endpoint.ts";
import {
  childrenOf,
  folderWithConfig,
  onlyRun,
  recordsIn,
  run,
  start,
  until,
} from "./command_line.ts";

const ROWS = 40;

Deno.test({
  name: "kill -9 of the process that asks: the same command finishes, no row is there twice",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using from = await folderWithConfig();
    await using endpoint = await startEndpoint({ latencyMs: 20 });
    const typed = { from: from.path, env: { OPENAI_BASE_URL: endpoint.baseURL } };
    const words = ["generate", "--config", "metro", "--output", "out", "--model", "openai:m"]
      .concat("--concurrency", "4", "--count", String(ROWS));
    const started = start(words, typed);
    await until("some rows are there", () => endpoint.requests > 12);
    const [child] = await childrenOf(started.pid);
    assert(child !== undefined);
    Deno.kill(child, "SIGKILL");
    const killed = await started.ended;
    assert.equal(killed.code, 137);
    assert.match(killed.err, /was ended by SIGKILL\. The same command goes on\.\n$/);

    const { code, out, err } = await run([...words, "--json"], typed);
    assert.equal(code, 0, err);
    const { counts, existed } = JSON.parse(out);
    const { planned, ...others } = counts;
    const sum = Object.values<number>(others).reduce((all, some) => all + some, 0);
    assert.deepEqual([planned, sum, others.ok, existed], [ROWS, ROWS, ROWS, true]);
    const rows = (await recordsIn(await onlyRun(join(from.path, "out")))).map(({ row }) => row);
    assert.deepEqual(rows.sort((a, b) => a - b), [...Array(ROWS).keys()]);
    assert(endpoint.requests <= ROWS + 4, "more than the calls in flight were paid twice");
  },
});
