/**
 * A process that runs the command given as its arguments and prints what that took as JSON, as
 * {@linkcode Measured}. It needs all permissions, since Deno guards `/proc`; that is why the rest
 * of the measurements has a process of its own.
 */

/** What a command took. */
export interface Measured {
  exitCode: number;
  seconds: number;
  /** Of the command and all that it started and waited for; null elsewhere than on Linux. */
  cpuSeconds: number | null;
  /**
   * Peak resident memory in MB (10^6 bytes) of the command, of the process that it started, and so
   * on; empty elsewhere than on Linux.
   */
  peaks: number[];
}

/** Milliseconds between two looks at the memory: a peak is kept by the system, so few will do. */
const LOOK_EVERY = 25;
/** Ticks of the kernel's CPU times per second, on all architectures that Deno runs on. */
const TICKS = 100;

const [program = "", ...args] = Deno.args;
const onLinux = Deno.build.os === "linux";
const cpuBefore = onLinux ? await cpuOfChildren() : 0;
const startedAt = performance.now();
const child = new Deno.Command(program, { args, stdin: "null", stdout: "null" }).spawn();
const chain = [child.pid];
const peaks: number[] = [];
const looking = onLinux ? setInterval(look, LOOK_EVERY) : undefined;
const { code: exitCode } = await child.status;
const seconds = (performance.now() - startedAt) / 1000;
clearInterval(looking);
const cpuSeconds = onLinux ? await cpuOfChildren() - cpuBefore : null;
const measured: Measured = { exitCode, seconds, cpuSeconds, peaks };
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(measured)));

/** CPU seconds of all children that have ended, and of theirs. */
async function cpuOfChildren(): Promise<number> {
  const stat = await Deno.readTextFile("/proc/self/stat");
  // After the name in brackets, which may hold anything, come the fields from the third on.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

async function look(): Promise<void> {
  try {
    for (let i = 0; i < chain.length; i++) {
      const pid = chain[i];
      const status = await Deno.readTextFile(`/proc/${pid}/status`);
      const peak = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
      if (peak !== undefined) peaks[i] = Number(peak) * 1024 / 1e6;
      if (i + 1 === chain.length) {
        const next = await childOf(pid);
        if (next !== null && !chain.includes(next)) chain.push(next);
      }
    }
  } catch (error) {
    // One of them has just ended.
    if (!(error instanceof Deno.errors.NotFound) && !isGone(error)) throw error;
  }
}

/** Any thread may have started it. */
async function childOf(pid: number | undefined): Promise<number | null> {
  for await (const { name } of Deno.readDir(`/proc/${pid}/task`)) {
    const children = await Deno.readTextFile(`/proc/${pid}/task/${name}/children`);
    const first = Number.parseInt(children);
    if (!Number.isNaN(first)) return first;
  }
  return null;
}

function isGone(error: unknown): boolean {
  return error instanceof Error && /No such process/.test(error.message);
}
