/** The eigenvalues of a symmetric matrix and the vectors that go with them. */
export interface SymmetricEigen {
  /** In no order. */
  values: Float64Array;
  /** Entry i of the vector to value j is `vectors[i * size + j]`; they are of length 1 and orthogonal. */
  vectors: Float64Array;
}

/**
 * The eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's method: plane rotations that
 * each make an entry beside the diagonal 0, until all of them are. It is exact to rounding and fit
 * for matrices of up to a few hundred rows.
 *
 * Golub & Van Loan (2013), "Matrix Computations", section 8.5.
 *
 * @param matrix Row by row; what lies below the diagonal isn't read.
 * @param size Its number of rows.
 * @throws {RangeError} if an entry isn't finite.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { symmetricEigen } from "./symmetric_eigen.ts";
 * const { values } = symmetricEigen([2, 1, 1, 2], 2);
 * assert.ok(Math.abs(values[0]! - 1) < 1e-15 && Math.abs(values[1]! - 3) < 1e-15);
 * ```
 */
export function symmetricEigen(matrix: ArrayLike<number>, size: number): SymmetricEigen {
  const a = new Float64Array(size * size);
  const vectors = new Float64Array(size * size);
  let scale = 0;
  for (let i = 0; i < size; i++) {
    vectors[i * size + i] = 1;
    for (let j = i; j < size; j++) {
      const entry = matrix[i * size + j]!;
      if (!Number.isFinite(entry)) throw new RangeError(`A matrix can't have the entry ${entry}`);
      a[i * size + j] = a[j * size + i] = entry;
      scale = Math.max(scale, Math.abs(entry));
    }
  }
  // The method converges quadratically: 6 to 10 sweeps.
  for (let sweep = 0; sweep < 60; sweep++) {
    let largest = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const beside = Math.abs(a[p * size + q]!);
        if (beside === 0) continue;
        largest = Math.max(largest, beside);
        rotate({ a, vectors, size, p, q });
      }
    }
    if (largest <= 1e-18 * scale) break;
  }
  return { values: Float64Array.from({ length: size }, (_, i) => a[i * size + i]!), vectors };
}

/** Makes the entry in row p and column q 0 by turning the plane of the two. */
function rotate(
  { a, vectors, size, p, q }: {
    a: Float64Array;
    vectors: Float64Array;
    size: number;
    p: number;
    q: number;
  },
): void {
  const pq = a[p * size + q]!;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * pq);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  a[p * size + p]! -= tangent * pq;
  a[q * size + q]! += tangent * pq;
  a[p * size + q] = a[q * size + p] = 0;
  for (let i = 0; i < size; i++) {
    if (i !== p && i !== q) {
      const ip = a[i * size + p]!;
      const iq = a[i * size + q]!;
      a[i * size + p] = a[p * size + i] = cosine * ip - sine * iq;
      a[i * size + q] = a[q * size + i] = sine * ip + cosine * iq;
    }
    const vp = vectors[i * size + p]!;
    const vq = vectors[i * size + q]!;
    vectors[i * size + p] = cosine * vp - sine * vq;
    vectors[i * size + q] = sine * vp + cosine * vq;
  }
}
