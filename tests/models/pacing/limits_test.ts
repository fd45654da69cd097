import assert from "node:assert/strict";
import { readLimits, waitOf } from "../../../src/models/pacing/limits.ts";

const now = Date.parse("2026-01-31T12:00:00Z");

Deno.test("a moment is read as a duration, seconds, a time since 1970 or a date", () => {
  for (
    const [text, milliseconds] of [
      ["20ms", 20],
      ["1s", 1000],
      ["6m0s", 360_000],
      ["1m0.5s", 60_500],
      ["7.66s", 7660],
      ["1h2m3s", 3_723_000],
      ["1d", 86_400_000],
      ["2", 2000],
      [" 0.5 ", 500],
      ["0", 0],
      ["90000", 90_000_000],
      [String(now / 1000 + 3), 3000],
      [String(now + 250), 250],
      [String(now - 250), 0],
      ["Sat, 31 Jan 2026 12:00:05 GMT", 5000],
      ["2026-01-31T12:00:07Z", 7000],
      ["2026-01-31T11:00:00Z", 0],
      ["soon", null],
      ["1x", null],
      ["", null],
      [null, null],
      [undefined, null],
    ] as const
  ) {
    assert.equal(waitOf(text, { now }), milliseconds, `${text}`);
  }
});

Deno.test("limits are read in each dialect, requests and tokens apart", () => {
  for (
    const [headers, expected] of [
      [{}, []],
      [{ "content-type": "application/json", "x-request-id": "1" }, []],
      [
        {
          "x-ratelimit-limit-requests": "500",
          "x-ratelimit-remaining-requests": "499",
          "x-ratelimit-reset-requests": "120ms",
          "x-ratelimit-limit-tokens": "200000",
          "x-ratelimit-remaining-tokens": "199_000",
          "x-ratelimit-reset-tokens": "6m0s",
        },
        [
          { of: "requests", most: 500, left: 499, resetMs: 120 },
          { of: "tokens", most: 200_000, left: 199, resetMs: 360_000 },
        ],
      ],
      [
        { "x-ratelimit-remaining-requests": "9", "x-ratelimit-remaining-tokens": "0" },
        [
          { of: "requests", most: null, left: 9, resetMs: null },
          { of: "tokens", most: null, left: 0, resetMs: null },
        ],
      ],
      [
        { "ratelimit-limit": "100, 100;w=60", "ratelimit-remaining": "7", "ratelimit-reset": "50" },
        [{ of: "requests", most: 100, left: 7, resetMs: 50_000 }],
      ],
      [
        {
          "X-RateLimit-Limit": "20",
          "X-RateLimit-Remaining": "21",
          "X-RateLimit-Reset": String(now + 900),
        },
        [{ of: "requests", most: 21, left: 21, resetMs: 900 }],
      ],
      [
        { "x-ratelimit-remaining-requests": "3", "x-ratelimit-remaining": "5" },
        [{ of: "requests", most: null, left: 3, resetMs: null }],
      ],
      [{ "x-ratelimit-remaining-requests": "many" }, []],
    ] as [Record<string, string>, unknown][]
  ) {
    assert.deepEqual(readLimits(new Headers(headers), { now }), expected);
  }
});
