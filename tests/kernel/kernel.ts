/**
 * The real Deno kernel, driven over Jupyter's wire protocol
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html).
 */
import { createHmac } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { connect, type Peer } from "./zmtp.ts";

/** A message of the kernel. */
export interface Message {
  header: { msg_id: string; msg_type: string };
  parent_header: { msg_id?: string };
  content: Record<string, unknown>;
}

/** What became of a cell. */
export interface Executed {
  /** `ok` or `error`. */
  status: unknown;
  /** The reply's content: for an error its `ename`, `evalue` and `traceback`. */
  reply: Record<string, unknown>;
  /** Outputs up to the kernel's word that it is idle again, in their order. */
  outputs: Message[];
  /** Outputs that came after that word; filled later on: look at it when the kernel is closed. */
  late: Message[];
  /** Milliseconds from sending the cell to the later one of the reply and the word. */
  ms: number;
}

/** A kernel that runs. */
export interface Kernel extends AsyncDisposable {
  /** Runs a cell and waits for its end. */
  execute(code: string): Promise<Executed>;
  /** What Jupyter's stop button does: SIGINT. */
  interrupt(): void;
  /** Messages that belong to no cell. */
  readonly stray: Message[];
}

const OUTPUTS = ["display_data", "update_display_data", "execute_result", "stream", "error"];
const DELIMITER = "<IDS|MSG>";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Starts a kernel as Jupyter does: in the notebook's folder, with a file that says the ports. */
export async function startKernel(
  options: { cwd: string; env?: Record<string, string>; timeoutMs?: number },
): Promise<Kernel> {
  const { timeoutMs = 60_000 } = options;
  const key = crypto.randomUUID();
  const [shellPort, iopubPort, stdinPort, controlPort, heartbeatPort] = freePorts(5);
  const folder = await Deno.makeTempDir();
  const connection = `${folder}/connection.json`;
  await Deno.writeTextFile(
    connection,
    JSON.stringify({
      transport: "tcp",
      ip: "127.0.0.1",
      signature_scheme: "hmac-sha256",
      key,
      shell_port: shellPort,
      iopub_port: iopubPort,
      stdin_port: stdinPort,
      control_port: controlPort,
      hb_port: heartbeatPort,
      kernel_name: "deno",
    }),
  );
  const child = new Deno.Command(Deno.execPath(), {
    args: ["jupyter", "--kernel", "--conn", connection],
    cwd: options.cwd,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  child.status.then(() => ended = true);

  const iopub = await patiently(() => connect(iopubPort ?? 0, "SUB"));
  const shell = await patiently(() => connect(shellPort ?? 0, "DEALER"));
  const stray: Message[] = [];
  const cells = new Map<string, { executed: Executed; idle(): void; heard: boolean }>();
  const replies = new Map<string, (message: Message) => void>();

  const sign = (parts: string[]) => {
    const mac = createHmac("sha256", key);
    for (const part of parts) mac.update(part);
    return mac.digest("hex");
  };

  async function ask(type: string, content: Record<string, unknown>, id: string): Promise<Message> {
    const header = {
      msg_id: id,
      msg_type: type,
      session: key,
      username: "test",
      date: new Date().toISOString(),
      version: "5.3",
    };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const answer = new Promise<Message>((resolve) => replies.set(id, resolve));
    await shell.send([DELIMITER, sign(parts), ...parts].map((part) => encoder.encode(part)));
    return await answer;
  }

  function parse(frames: Uint8Array[]): Message {
    const texts = frames.map((frame) => decoder.decode(frame));
    const at = texts.indexOf(DELIMITER);
    const parts = texts.slice(at + 2, at + 6);
    if (texts[at + 1] !== sign(parts)) throw new Error("A message of the kernel is signed wrongly");
    const [header, parent_header, , content] = parts.map((part) => JSON.parse(part));
    return { header, parent_header, content };
  }

  async function listen(peer: Peer, take: (message: Message) => void): Promise<void> {
    for (let frames = await peer.receive(); frames !== null; frames = await peer.receive()) {
      take(parse(frames));
    }
  }

  let published = 0;
  const listening = [
    listen(shell, (message) => replies.get(message.parent_header.msg_id ?? "")?.(message)),
    listen(iopub, (message) => {
      published += 1;
      const cell = cells.get(message.parent_header.msg_id ?? "");
      const type = message.header.msg_type;
      if (type === "status") {
        if (message.content.execution_state !== "idle" || cell === undefined) return;
        cell.heard = true;
        cell.idle();
      } else if (OUTPUTS.includes(type)) {
        if (cell === undefined) stray.push(message);
        else (cell.heard ? cell.executed.late : cell.executed.outputs).push(message);
      }
    }),
  ];

  // A subscription is no handshake: what is published before it took hold is lost.
  while (published === 0) {
    await ask("kernel_info_request", {}, crypto.randomUUID());
    await delay(20);
  }

  return {
    stray,
    interrupt: () => child.kill("SIGINT"),
    async execute(code) {
      const id = crypto.randomUUID();
      const began = performance.now();
      const executed: Executed = { status: null, reply: {}, outputs: [], late: [], ms: 0 };
      const idle = new Promise<void>((resolve) =>
        cells.set(id, { executed, idle: resolve, heard: false })
      );
      const content = {
        code,
        silent: false,
        store_history: true,
        user_expressions: {},
        allow_stdin: false,
        stop_on_error: false,
      };
      const timer = new AbortController();
      const both = Promise.all([ask("execute_request", content, id), idle]);
      const end = await Promise.race([
        both.then(([message]) => message),
        child.status.then(() => "ended" as const),
        delay(timeoutMs, "late" as const, { signal: timer.signal }),
      ]);
      timer.abort();
      if (end === "ended") throw new Error(`The kernel ended in this cell:\n${code}`);
      if (end === "late") {
        throw new Error(`This cell took longer than ${timeoutMs} ms:\n${code}`);
      }
      executed.ms = performance.now() - began;
      executed.reply = end.content;
      executed.status = end.content.status;
      return executed;
    },
    async [Symbol.asyncDispose]() {
      // What comes late comes within this time, or never.
      await delay(50);
      await shell[Symbol.asyncDispose]();
      await iopub[Symbol.asyncDispose]();
      await Promise.all(listening);
      if (!ended) child.kill("SIGKILL");
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Ports that nobody listens on now. */
function freePorts(count: number): number[] {
  const listeners = Array.from(
    { length: count },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  const ports = listeners.map((listener) => listener.addr.port);
  for (const listener of listeners) listener.close();
  return ports;
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 400;; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
      await delay(25);
    }
  }
}
