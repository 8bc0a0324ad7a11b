import type { Random } from '../../edge/core/random.ts';
import { ActiveHappenings } from '../city/active.ts';
import type { Happening, HappeningKind, Truth } from '../city/happening.ts';
import type { Plc } from '../city/plant.ts';
import { befall, type FaultyPoint, sensorFaultKinds } from './sensor-faults.ts';

/** What happens to instruments and PLCs, whatever utility they serve. */
export class DeviceHappenings {
  readonly happenings: readonly HappeningKind[];
  private readonly random: Random;
  private readonly points: ReadonlyMap<string, FaultyPoint>;
  private readonly active: ActiveHappenings;
  private readonly ends = new Map<Happening, () => void>();
  private nowMs = Number.NEGATIVE_INFINITY;

  constructor(plcs: readonly Plc[], random: Random) {
    this.random = random;
    this.points = new Map(plcs.flatMap(pointsOf));
    this.happenings = sensorFaultKinds(this.points);
    this.active = new ActiveHappenings(this.happenings);
  }

  /** Moves to `timeMs`: what is over is put right again. */
  step(timeMs: number): void {
    this.nowMs = timeMs;
    for (const happening of this.active.expire(timeMs)) {
      this.ends.get(happening)?.();
      this.ends.delete(happening);
    }
  }

  /** Starts a happening; RangeError for a kind or target that there is not. */
  start(happening: Happening): Truth {
    const { title, decoy } = this.active.start(happening);
    const { kind, target, id, startMs } = happening;
    const point = this.points.get(target);
    if (!point) throw new RangeError(`no point ${target}`);
    const mend = befall(kind, point, {
      magnitude: () => this.active.magnitude(kind, target),
      ageH: () => Math.max(0, this.nowMs - startMs) / 3_600_000,
      random: this.random.fork(id),
    });
    this.ends.set(happening, mend);
    const { description, asset } = point.instrument.point;
    // What fills no role of an asset can only be told of its device.
    const device = target.slice(0, target.indexOf('/'));
    const place = asset ?? device;
    // whoever reads the other one of two swapped wires reads wrong as well
    const other = kind === 'sensor.swapped-wires' ? [point.partner?.point.asset ?? device] : [];
    const text = { zh: `${target} ${description.zh}：${title.zh}`, en: `${target}, ${description.en}: ${title.en}` };
    return { happening, decoy, asset: place, affected: [...new Set([place, ...other])], tags: [target], text };
  }
}

/** The points of a PLC as faults know them; each second of two neighbours of one unit is the partner of the first. */
function pointsOf({ id, protocol, instruments = [] }: Plc): (readonly [string, FaultyPoint])[] {
  const numbers = instruments.filter(({ point }) => point.text === undefined);
  return numbers.map((instrument) => {
    const { unit, noise } = instrument.point;
    const alike = numbers.filter(({ point }) => point.noise > 0 && point.unit === unit);
    const place = alike.indexOf(instrument);
    const partner = noise > 0 ? alike[place % 2 === 0 ? place + 1 : place - 1] : undefined;
    return [`${id}/${instrument.point.name}`, { instrument, protocol, partner }] as const;
  });
}
