/**
 * Appends to the log of a folder until that fails, and prints what each call threw. For the tests of
 * full disks.
 */
import { openLog } from "../../src/run/log/log.ts";
import { record } from "./fixtures.ts";

const log = await openLog(Deno.args[0]!);
const thrown: unknown[] = [];
for (let row = 0; row < 1_000 && thrown.length < 2; row++) {
  try {
    log.append(record(row));
  } catch (error) {
    thrown.push(error);
  }
}
await log.close().catch((error) => thrown.push(error));
// Unlocked, so that it can be opened again.
const again = await openLog(Deno.args[0]!);
await again.close();
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify({
  cut: again.cut,
  thrown: thrown.map((error) => error instanceof Error ? { ...error, message: error.message } : 0),
})));
