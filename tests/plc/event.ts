/**
 * Waits, turn by turn of the event loop, until something has come about, for so many turns at most; whoever needs it checks
 * then whether it has.
 */
export async function until(holds: () => boolean, turns = 50_000): Promise<void> {
  for (let left = turns; left > 0 && !holds(); left--) await new Promise((resolve) => setImmediate(resolve));
}
