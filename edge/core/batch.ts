/** Many samples at once, as parallel columns of equal length. The only shape in which values travel. */
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
}

/** An empty batch of the given size, to be filled by the caller. */
export function createBatch(device: string, size: number, received: number): SampleBatch {
  return {
    device,
    tags: new Int32Array(size),
    values: new Float64Array(size),
    quality: new Uint8Array(size),
    times: new Float64Array(size),
    received,
  };
}
