/**
 * Many samples at once, as parallel columns of equal length. The only shape in which values travel. Texts (a serial number,
 * a recipe's name) ride beside the columns: their row carries `textValue(text)`, so that whoever deals in numbers sees only
 * that something changed, and quality, deadband and history work as for any sample. A text that could not be read has no
 * entry, NaN and a bad quality.
 */
export interface SampleBatch {
  /** Index into the gateway's tag table, one per sample. */
  readonly tags: Int32Array;
  /** Value in the tag's engineering unit (raw counts before the pipeline); NaN where quality is bad. */
  readonly values: Float64Array;
  /** A `Quality` code per sample. */
  readonly quality: Uint8Array;
  /** Source time, ms since epoch by the source's clock (the gateway's receive time where the source has none). */
  readonly times: Float64Array;
  /** When the gateway received it, ms since epoch by the gateway's clock. */
  readonly received: number;
  /** Device id the batch came from. */
  readonly device: string;
  /** Texts by tag index, for the tags that hold text; may name tags that this batch has no row of. */
  readonly texts?: ReadonlyMap<number, string>;
}

/** Bytes of a sample in the columns of a batch. */
const sampleBytes = 8 + 8 + 4 + 1;
/** Memory is taken in pieces of this size, which many batches share: to take it costs more than to fill it. */
const pieceBytes = 16_384;
const alignment = 8;
let piece = new ArrayBuffer(0);
let taken = 0;

/** Zeroed memory that nobody else has; where it begins in its piece. */
function take(bytes: number): number {
  if (taken + bytes > piece.byteLength) {
    piece = new ArrayBuffer(Math.max(pieceBytes, bytes));
    taken = 0;
  }
  const at = taken;
  taken = Math.ceil((at + bytes) / alignment) * alignment;
  return at;
}

/**
 * An empty batch of the given size, to be filled by the caller; `texts` where some of its tags hold text. The columns lie
 * in a piece of memory with those of other batches: a batch that is kept for long keeps them too, up to 16 KB.
 */
export function createBatch(
  device: string,
  size: number,
  received: number,
  texts?: ReadonlyMap<number, string>,
): SampleBatch {
  const at = take(sampleBytes * size);
  return {
    device,
    tags: new Int32Array(piece, at + 16 * size, size),
    values: new Float64Array(piece, at, size),
    quality: new Uint8Array(piece, at + 20 * size, size),
    times: new Float64Array(piece, at + 8 * size, size),
    received,
    ...(texts ? { texts } : {}),
  };
}

/** A row's value as JSON carries it: the text of a tag that holds one, else the number, null where there is none. */
export function plainValue(batch: SampleBatch, row: number): number | string | null {
  const value = batch.values[row] as number;
  if (!Number.isFinite(value)) return null;
  return batch.texts?.get(batch.tags[row] as number) ?? value;
}

/** The first `count` of the named rows as a batch of their own. */
export function pickRows(batch: SampleBatch, rows: Int32Array, count: number): SampleBatch {
  const picked = createBatch(batch.device, count, batch.received, batch.texts);
  for (let index = 0; index < count; index++) {
    const row = rows[index] as number;
    picked.tags[index] = batch.tags[row] as number;
    picked.values[index] = batch.values[row] as number;
    picked.quality[index] = batch.quality[row] as number;
    picked.times[index] = batch.times[row] as number;
  }
  return picked;
}
