/** What fits of a column, in a column of another length. */
export function resized<Column extends Float64Array | Uint8Array | Int16Array>(from: Column, to: Column): Column {
  to.set(from.length > to.length ? from.subarray(0, to.length) : from);
  return to;
}
