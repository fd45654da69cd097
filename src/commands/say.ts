const encoder = new TextEncoder();

/** Says one or more lines to the person: stderr. */
export function say(text: string): void {
  writeAll(Deno.stderr, text.endsWith("\n") ? text : text + "\n");
}

/**
 * Gives data: stdout. A reader that has gone away (`| head`) ends the process quietly, as it would
 * any filter.
 */
export function give(text: string): void {
  try {
    writeAll(Deno.stdout, text);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
    throw error;
  }
}

/** Writes without the line end that {@linkcode say} adds: for a line that is drawn again. */
export function draw(text: string): void {
  writeAll(Deno.stderr, text);
}

function writeAll(target: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = encoder.encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(target.writeSync(bytes));
}
