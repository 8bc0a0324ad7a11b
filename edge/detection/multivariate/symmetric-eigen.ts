const SWEEPS = 60;
const NEGLIGIBLE = 1e-24;

/** Eigenvalues in descending order; vector `k` is `vectors[k·width … (k+1)·width)`, of length 1. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * All eigenvalues and vectors of a symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations,
 * 8.5): accurate to rounding, small, and fast enough for some hundred columns.
 * @param matrix row by row, width × width; not changed
 */
export function symmetricEigen(matrix: Float64Array, width: number): Eigen {
  const work = Float64Array.from(matrix);
  const rotated = new Float64Array(width * width);
  for (let at = 0; at < width; at++) rotated[at * width + at] = 1;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    let all = 0;
    for (let row = 0; row < width; row++)
      for (let column = 0; column < width; column++) {
        const square = (work[row * width + column] as number) ** 2;
        all += square;
        if (row !== column) off += square;
      }
    if (off <= NEGLIGIBLE * all) break;
    for (let p = 0; p < width - 1; p++) for (let q = p + 1; q < width; q++) rotate(work, rotated, width, p, q);
  }
  const order = Array.from({ length: width }, (_, at) => at).sort(
    (a, b) => (work[b * width + b] as number) - (work[a * width + a] as number),
  );
  const vectors = new Float64Array(width * width);
  for (const [to, from] of order.entries()) vectors.set(rotated.subarray(from * width, (from + 1) * width), to * width);
  return { values: Float64Array.from(order, (at) => work[at * width + at] as number), vectors };
}

/** Makes element (p, q) zero. Rows of `rotated` are the vectors, so that all loops run along memory. */
function rotate(work: Float64Array, rotated: Float64Array, width: number, p: number, q: number): void {
  const off = work[p * width + q] as number;
  if (off === 0) return;
  const tau = ((work[q * width + q] as number) - (work[p * width + p] as number)) / (2 * off);
  const tangent = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = tangent * cosine;
  turnRows(work, width, p, q, cosine, sine);
  for (let row = 0; row < width; row++) {
    const left = work[row * width + p] as number;
    const right = work[row * width + q] as number;
    work[row * width + p] = cosine * left - sine * right;
    work[row * width + q] = sine * left + cosine * right;
  }
  turnRows(rotated, width, p, q, cosine, sine);
}

function turnRows(matrix: Float64Array, width: number, p: number, q: number, cosine: number, sine: number): void {
  const first = p * width;
  const second = q * width;
  for (let at = 0; at < width; at++) {
    const left = matrix[first + at] as number;
    const right = matrix[second + at] as number;
    matrix[first + at] = cosine * left - sine * right;
    matrix[second + at] = sine * left + cosine * right;
  }
}
