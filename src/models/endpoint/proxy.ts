/** A proxy that the environment names for an address. */
export interface Proxy {
  /** The variable that names it, as it is spelt. */
  variable: string;
  /** Its address without name and password. */
  address: string;
}

/**
 * The proxy that calls to `url` go through: `ALL_PROXY`, else `HTTPS_PROXY` or `HTTP_PROXY` by the
 * address's protocol, in capitals or small letters, unless `NO_PROXY` names the host. Null: none.
 * Deno leaves no host out by itself, not even 127.0.0.1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { proxyFor } from "./proxy.ts";
 * const env = { HTTP_PROXY: "http://me:pass@proxy:3128", NO_PROXY: "localhost" };
 * assert.equal(proxyFor(new URL("http://127.0.0.1/v1"), env)?.address, "http://proxy:3128");
 * assert.equal(proxyFor(new URL("http://localhost/v1"), env), null);
 * ```
 */
export function proxyFor(
  url: URL,
  env: Readonly<Record<string, string | undefined>>,
): Proxy | null {
  const own = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const variable = ["ALL_PROXY", own].flatMap((name) => [name, name.toLowerCase()])
    .find((name) => env[name]?.trim());
  if (variable === undefined) return null;
  const unproxied = env.NO_PROXY?.trim() || env.no_proxy?.trim() || "";
  if (unproxied.split(",").some((entry) => covers(entry.trim(), hostOf(url)))) return null;
  return { variable, address: shown(env[variable]?.trim() ?? "") };
}

/** Whether a URL's host is this machine. */
export function isLoopback(url: URL): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|::1)$/.test(hostOf(url));
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

function covers(entry: string, host: string): boolean {
  if (entry === "") return false;
  if (entry === "*") return true;
  const [net = "", bits] = entry.split("/");
  if (bits !== undefined) return inNetwork(host, { net, bits: Number(bits) });
  const name = entry.toLowerCase().replace(/^\*?\./, "");
  return host === name || host.endsWith(`.${name}`);
}

function inNetwork(host: string, { net, bits }: { net: string; bits: number }): boolean {
  const [address, start] = [host, net].map(ipv4);
  if (address === undefined || start === undefined) return false;
  if (address === null || start === null || !(bits >= 0 && bits <= 32)) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) === Math.floor(start / size);
}

function ipv4(text: string): number | null {
  if (!/^\d+(\.\d+){3}$/.test(text)) return null;
  return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function shown(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  // Without a protocol, as in "proxy:3128", a URL has no host.
  if (url !== null && url.host !== "") return `${url.protocol}//${url.host}`;
  return text.replace(/^.*@/, "");
}
