import { normalQuantile } from "./normal.ts";

/**
 * The t with P(T ≤ t) = p for Student's T: exact for 1 and 2 degrees of freedom, above that the
 * expansion 26.7.5 of Abramowitz and Stegun (1964), "Handbook of mathematical functions", within .5 %
 * for p in [.9, .99].
 *
 * @param p In (0, 1).
 * @param df Degrees of freedom, at least 1.
 */
export function studentQuantile(p: number, df: number): number {
  if (df === 1) return Math.tan(Math.PI * (p - 0.5));
  if (df === 2) return (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
  const z = normalQuantile(p);
  const z2 = z * z;
  const terms = [
    (z2 + 1) / 4,
    ((5 * z2 + 16) * z2 + 3) / 96,
    (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
    ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160,
  ];
  return z + terms.reduce((sum, term, i) => sum + z * term / df ** (i + 1), 0);
}
