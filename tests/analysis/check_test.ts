import assert from "node:assert/strict";
import { checkShares } from "../../src/analysis/check.ts";
import type { StoredAttribute } from "../../src/analysis/stored_findings.ts";
import { configOf, item } from "../plan/configs.ts";

/** An attribute with two values, of whose ok rows a share has the first; not measured unless told. */
function found(share: number, fields: Partial<StoredAttribute> = {}): StoredAttribute {
  const value = { target: 0.5, requested: 0.5, acceptedInterval: null, realised: null };
  return {
    values: [
      { ...value, value: "a", accepted: share },
      { ...value, value: "b", accepted: 1 - share },
    ],
    other: null,
    distance: { requested: 0, accepted: Math.abs(share - 0.5), realised: null },
    measuredBy: null,
    measuredRows: 0,
    error95: 0.03,
    ...fields,
  };
}

const BOTH = [item("a"), item("b")];
const OPTIONS = {
  config: configOf({ topic: BOTH, tone: BOTH, channel: [item("a", { factor: 3 }), item("b")] }),
  tolerance: 0.05,
};

Deno.test("checkShares() calls beyond what passes tolerance and error together, the worst first", () => {
  const { attributes, beyond } = checkShares({
    topic: found(0.579),
    tone: found(0.59),
    channel: found(0.9, { error95: 0.05 }),
  }, OPTIONS);
  assert.deepEqual(beyond, ["channel", "tone"]);
  const limits = attributes.map(({ attribute, limit }) => [attribute, limit?.toFixed(2)]);
  assert.deepEqual(limits, [["channel", "0.10"], ["tone", "0.08"], ["topic", "0.08"]]);
});

Deno.test("checkShares() holds ok rows against what was drawn for, texts against what is wanted", () => {
  const { attributes: [accepted] } = checkShares({ channel: found(0.75) }, OPTIONS);
  assert.deepEqual([accepted?.distance, accepted?.against, accepted?.isMissing], [
    0,
    "drawn",
    true,
  ]);
  const realised = { share: 0.75, low: 0.7, high: 0.8, target: 0.5 };
  const measured = found(0.75, {
    values: found(0.75).values.map((value) => value.value === "a" ? { ...value, realised } : value),
    other: 0.04,
    distance: { requested: 0, accepted: 0.25, realised: 0.27 },
    measuredBy: "eld",
  });
  const { attributes: [texts] } = checkShares({ channel: measured }, OPTIONS);
  assert.deepEqual([texts?.distance, texts?.against, texts?.isBeyond], [0.27, "target", true]);
  assert.deepEqual(texts?.off, [
    { value: "a", share: 0.75, expected: 0.5, interval: { low: 0.7, high: 0.8 } },
    { value: null, share: 0.04, expected: 0, interval: null },
  ]);
});

Deno.test("checkShares() misses no attribute that isn't to be judged, and none without rows", () => {
  const config = {
    ...OPTIONS.config,
    attributes: { ...OPTIONS.config.attributes, empty: [item("")] },
  };
  config.settings = { ...config.settings, labels: { tone: "skip" } };
  const none = { requested: 0, accepted: null, realised: null };
  const { notMeasured, beyond } = checkShares({
    topic: found(0, { distance: none, error95: null }),
    tone: found(0.5),
    empty: found(1, { values: [{ ...found(1).values[0]!, value: "" }] }),
  }, { ...OPTIONS, config });
  assert.deepEqual([notMeasured, beyond], [["topic"], []]);
});
