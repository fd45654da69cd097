/** Holds a folder's lock until it is killed; says so by a line. For the tests of locks. */
import { takeLock } from "../../../src/run/log/lock.ts";

await takeLock(Deno.args[0]!);
await Deno.stdout.write(new TextEncoder().encode("locked\n"));
setInterval(() => {}, 1_000);
