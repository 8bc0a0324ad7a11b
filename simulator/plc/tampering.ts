import { type AttackScene, mover } from './attack.ts';
import type { Instrument } from './instrument.ts';

/** An intruder writes again so often what the operators may have put back, s. */
const againS = 10;

/** A client's hand on a point that can be written. */
export interface Tampering {
  /** Writes the point so many percent of its range away from where it was found. */
  move(percent: number): void;
  /** Whether it is time to write again: at once, and every 10 s from then on. */
  isDue(dtS: number): boolean;
  /** The client goes; whatever it has written last, the point is put back by hand. */
  end(): void;
}

export function tamperWith({ client, random }: AttackScene, { point }: Instrument): Tampering {
  const found = point.read();
  const moved = mover(point, random);
  let waitS = 0;
  return {
    move(percent) {
      client.hold(1);
      client.write(point, moved(percent));
    },
    isDue(dtS) {
      waitS -= dtS;
      if (waitS > 0) return false;
      waitS = againS;
      return true;
    },
    end: () => client.leave(() => point.write?.(found)),
  };
}
