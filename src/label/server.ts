import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { UserError } from "../error.ts";
import type { Label } from "../run/log/labels.ts";
import { printable } from "../text/printable.ts";
import { labelPage } from "./page.ts";
import { labelOf, type Said, type Sheet, withLabel } from "./sheet.ts";

/** How a sheet is served. */
export interface ServeOptions {
  /** 0: any free one. */
  port: number;
  /** What the address must hold. */
  token: string;
  /** Keeps a label; what it throws ends the serving. */
  keep(label: Label): void;
  now?: () => Date;
}

/** A page that is served. */
export interface LabelServer {
  /** With the token. */
  address: string;
  /** As it is now. */
  readonly sheet: Sheet;
  /** Ends only by an error of `keep`. */
  failed: Promise<never>;
  close(): Promise<void>;
}

/** A label is much shorter. */
const LONGEST_BODY = 4096;

const HOST = "127.0.0.1";

const saidSchema: z.ZodType<Said> = z.strictObject({
  row: z.int().min(0),
  attribute: z.string(),
  label: z.string().nullable(),
});

/**
 * Serves the page on which a person labels a sheet, to this machine alone. Whoever asks must know the
 * token, and be neither a page from elsewhere nor sent here by a name that now leads here.
 *
 * @throws {UserError} Exit 2 where nobody can listen at the port.
 */
export function serveSheet(sheet: Sheet, options: ServeOptions): LabelServer {
  const { token, keep, now = () => new Date() } = options;
  const failure = Promise.withResolvers<never>();
  // Whoever doesn't wait for it needn't hear of it.
  failure.promise.catch(() => {});
  let current = sheet;
  const server = listen(options.port, async (request) => {
    const url = new URL(request.url);
    if (!isAllowed(request, { url, token, host: `${HOST}:${server.addr.port}` })) {
      return plainText(403, "Open the address that the terminal shows, whole.");
    }
    const route = `${request.method} ${url.pathname}`;
    if (route === "GET /") return pageResponse();
    if (route === "GET /sheet") return Response.json(sheetData(current), { headers: HEADERS });
    if (route !== "POST /labels") return plainText(404, "There is nothing here.");
    const said = await readSaid(request);
    if (said instanceof Response) return said;
    const label = labelOf(said, current, now());
    if (typeof label === "string") return plainText(400, `No label: ${label}.`);
    try {
      keep(label);
    } catch (error) {
      failure.reject(error);
      return plainText(500, error instanceof UserError ? error.message : "It can't be kept.");
    }
    current = withLabel(current, label);
    return new Response(null, { status: 204, headers: HEADERS });
  });
  return {
    address: `http://${HOST}:${server.addr.port}/?token=${token}`,
    get sheet() {
      return current;
    },
    failed: failure.promise,
    close: () => server.shutdown(),
  };
}

function listen(
  port: number,
  handler: (request: Request) => Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname: HOST, port, onListen() {} }, handler);
  } catch (cause) {
    const why = cause instanceof Deno.errors.AddrInUse
      ? "is taken"
      : `can't be listened at (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new UserError(
      `Port ${port} ${why}: name another one with --port, or leave it out for any free one.`,
      { cause },
    );
  }
}

/** Browsers name the page that writes; a page that reads its own site need not be named. */
function isAllowed(
  request: Request,
  { url, token, host }: { url: URL; token: string; host: string },
): boolean {
  const origin = request.headers.get("origin");
  const originFits = origin === null
    ? request.method === "GET" || request.method === "HEAD"
    : origin === `http://${host}`;
  return request.headers.get("host") === host && originFits &&
    isSame(url.searchParams.get("token") ?? "", token);
}

/** Takes as long for any text of the same length. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => new TextEncoder().encode(text));
  return left!.length === right!.length && timingSafeEqual(left!, right!);
}

async function readSaid(request: Request): Promise<Said | Response> {
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) {
    return plainText(415, "A label is sent as application/json.");
  }
  const text = await shortBody(request);
  if (text === null) return plainText(413, "That is too long for a label.");
  try {
    const checked = saidSchema.safeParse(JSON.parse(text));
    if (checked.success) return checked.data;
    const [issue] = checked.error.issues;
    return plainText(400, `No label: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "?"}.`);
  } catch {
    return plainText(400, "No label: that is not JSON.");
  }
}

/** Null where it is too long: no more than that is read. */
async function shortBody(request: Request): Promise<string | null> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const bytes of request.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > LONGEST_BODY) return null;
  }
  return text + decoder.decode();
}

/** What the page gets: no chances, and nothing of the request or of a judge. */
function sheetData({ name, questions, rows }: Sheet): PageData {
  return {
    name,
    questions,
    rows: rows.map(({ row, text, asked, labels }) => ({
      row,
      // Nothing in it turns its direction or hides.
      text: text.split(/\r\n|\r|\n/).map(printable).join("\n"),
      asked,
      labels,
    })),
  };
}

interface PageData extends Omit<Sheet, "rows"> {
  rows: Pick<Sheet["rows"][number], "row" | "text" | "asked" | "labels">[];
}

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // The address holds the token.
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

function pageResponse(): Response {
  const nonce = crypto.randomUUID();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    // The empty icon, for which browsers else ask.
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
  return new Response(labelPage(nonce), {
    headers: {
      ...HEADERS,
      "content-security-policy": policy,
      "content-type": "text/html; charset=utf-8",
    },
  });
}

function plainText(status: number, text: string): Response {
  return new Response(text + "\n", {
    status,
    headers: { ...HEADERS, "content-type": "text/plain; charset=utf-8" },
  });
}
