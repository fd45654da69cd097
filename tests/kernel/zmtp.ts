/**
 * As much of ZMTP 3.0 (https://rfc.zeromq.org/spec/23/) as a client of a Jupyter kernel needs: the
 * NULL mechanism over TCP, as a DEALER or a SUB socket. Written here, since the one package for it
 * is a native addon that would have to be installed by everybody who runs the tests.
 */

/** One end of a connection. */
export interface Peer extends AsyncDisposable {
  /** Sends one message of several frames. */
  send(frames: Uint8Array[]): Promise<void>;
  /** The next message; null where the other side has closed the connection. */
  receive(): Promise<Uint8Array[] | null>;
}

const MORE = 1;
const LONG = 2;
const COMMAND = 4;
const encoder = new TextEncoder();

/** Connects to a port on 127.0.0.1; a SUB asks for all topics. */
export async function connect(port: number, type: "DEALER" | "SUB"): Promise<Peer> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port });
  const read = exactReader(socket);
  let writing = Promise.resolve();

  // Frames of two messages must not mix: each message waits for the one before it.
  function write(bytes: Uint8Array): Promise<void> {
    writing = writing.then(async () => {
      for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
    });
    return writing;
  }

  await write(greeting());
  if (await read(64) === null) throw new Error(`Port ${port} closed without a greeting`);
  await write(frame(readyBody(type), COMMAND));
  if (type === "SUB") await write(frame(Uint8Array.of(1), 0));

  return {
    send: (frames) =>
      write(concat(frames.map((body, i) => frame(body, i < frames.length - 1 ? MORE : 0)))),
    async receive() {
      const frames: Uint8Array[] = [];
      while (true) {
        const flags = (await read(1))?.[0];
        if (flags === undefined) return null;
        const size = await read(flags & LONG ? 8 : 1);
        if (size === null) return null;
        const body = await read(
          flags & LONG
            ? Number(new DataView(size.buffer, size.byteOffset).getBigUint64(0))
            : size[0] ?? 0,
        );
        if (body === null) return null;
        if (flags & COMMAND) continue;
        frames.push(body);
        if (!(flags & MORE)) return frames;
      }
    },
    [Symbol.asyncDispose]() {
      socket.close();
      return Promise.resolve();
    },
  };
}

/** Signature, version 3.0, mechanism NULL, not the server, filler. */
function greeting(): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.set(encoder.encode("NULL"), 12);
  return bytes;
}

function readyBody(type: string): Uint8Array {
  const property = (name: string, value: string) => {
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, value.length);
    return [Uint8Array.of(name.length), encoder.encode(name), size, encoder.encode(value)];
  };
  return concat([
    Uint8Array.of("READY".length),
    encoder.encode("READY"),
    ...property("Socket-Type", type),
    ...property("Identity", type === "SUB" ? "" : crypto.randomUUID()),
  ]);
}

function frame(body: Uint8Array, flags: number): Uint8Array {
  if (body.length < 256) return concat([Uint8Array.of(flags, body.length), body]);
  const head = new Uint8Array(9);
  head[0] = flags | LONG;
  new DataView(head.buffer).setBigUint64(1, BigInt(body.length));
  return concat([head, body]);
}

function concat(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Reads just so many bytes; null where the connection ends before. */
function exactReader(socket: Deno.Conn): (length: number) => Promise<Uint8Array | null> {
  let kept: Uint8Array = new Uint8Array(0);
  const chunk = new Uint8Array(65_536);
  return async (length) => {
    const parts = [kept];
    let have = kept.length;
    while (have < length) {
      // A socket that is closed here while it is read ends the connection, too.
      const count = await socket.read(chunk).catch(() => null);
      if (count === null) return null;
      parts.push(chunk.slice(0, count));
      have += count;
    }
    const whole = parts.length === 1 ? kept : concat(parts);
    kept = whole.subarray(length);
    return whole.slice(0, length);
  };
}
