import { setTimeout as delay } from "node:timers/promises";

/** One output in several forms by MIME type; the page shows the richest that it may. */
export interface Bundle {
  /** What is shown where nothing richer may be; always there. */
  "text/plain": string;
  "text/html"?: string;
  "text/markdown"?: string;
}

/** Bytes that the kernel passes on in a millisecond, at the least. */
const BYTES_PER_MS = 20_000;
const SHORTEST_SETTLE_MS = 5;

/**
 * The kernel's display functions, or null outside Jupyter. This is the one place that asks: outside
 * a kernel the mere reading of `Deno.jupyter` throws.
 */
export function jupyter(): typeof Deno.jupyter | null {
  try {
    return Deno.jupyter;
  } catch {
    return null;
  }
}

/**
 * Sends an output to the page and waits until it has left. The kernel sends outputs and its word
 * that a cell is over by two ways: without the wait, one that comes last may be lost or land under
 * another cell.
 *
 * @param options `id`: names the output, so that it can be replaced; `update`: replaces it.
 * @returns false outside Jupyter, where nothing was sent.
 */
export async function display(
  bundle: Bundle,
  options: { id?: string; update?: boolean } = {},
): Promise<boolean> {
  const kernel = jupyter();
  if (kernel === null) return false;
  await kernel.display(bundle, {
    raw: true,
    update: options.update ?? false,
    ...(options.id === undefined ? {} : { display_id: options.id }),
  });
  await delay(SHORTEST_SETTLE_MS + bytesOf(bundle) / BYTES_PER_MS);
  return true;
}

/** Size of an output as it is sent, in bytes. */
export function bytesOf(bundle: Bundle): number {
  const encoder = new TextEncoder();
  return Object.values(bundle).reduce((sum, text) => sum + encoder.encode(text).length, 0);
}
