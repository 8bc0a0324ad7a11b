/** How values of one type lie in their registers, most significant byte first. */
export interface NumberCoding {
  /** Registers of 16 bit, 1 to 4. */
  readonly registers: number;
  /** The value at the front of the view; NaN where its bytes are none. */
  read(view: DataView): number;
  /** Puts the nearest value that the type can hold at the front of the view. */
  write(view: DataView, value: number): void;
}
