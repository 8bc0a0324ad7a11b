import type { City } from '../../../simulator/city/city.ts';
import type { Label } from '../../../simulator/city/label.ts';
import type { Pace } from '../../../simulator/city/pace.ts';
import type { Programme } from '../../../simulator/scenarios/programme.ts';
import type { Clock } from '../../core/clock.ts';

/** Period of the clock's ticks at any stated speed, and work between two looks at the network at `max`, ms. */
const tickMs = 1000;
const burstMs = 50;
/** Longest step of the city, s: what hydraulics are solved at. A stated speed that is late makes several. */
const longestStepS = 10;

export interface LiveOptions {
  readonly city: City;
  readonly programme: Programme;
  readonly clock: Clock;
  readonly pace: Pace;
  /** City time at which it ends, ms since epoch. */
  readonly untilMs: number;
  /** Takes the city's state over into its PLCs. */
  readonly publish: () => void;
  readonly tell: (label: Label) => void;
}

/**
 * Lets the city live until `untilMs` or until `stopped` resolves, at the pace that people set. At a stated speed its clock
 * stands after each tick where the machine's says, on an absolute schedule, so that scan times are true and a late tick is made up for; at `max` it
 * goes in steps of equal length, which the machine's speed does not touch.
 */
export async function live(options: LiveOptions, stopped: Promise<unknown>): Promise<void> {
  const { city, programme, clock, pace, untilMs, publish, tell } = options;
  const standing = () => ({ speed: pace.speed, wallMs: clock.wallMs(), cityMs: city.nowMs });
  let since = standing();
  const startedMs = clock.monotonicMs();
  let ticks = 0;
  const advance = (dtS: number) => {
    for (const label of programme.step(dtS, clock.wallMs())) tell(label);
  };
  const reach = (cityMs: number) => {
    const wantedMs = Math.min(untilMs, cityMs);
    for (let leftMs = wantedMs - city.nowMs; leftMs > 0; leftMs = wantedMs - city.nowMs) {
      advance(Math.min(longestStepS, leftMs / 1000));
    }
  };
  const follow = (factor: number) => {
    reach(since.cityMs + (clock.wallMs() - since.wallMs) * factor);
    ticks = Math.max(ticks + 1, Math.floor((clock.monotonicMs() - startedMs) / tickMs) + 1);
    return startedMs + ticks * tickMs - clock.monotonicMs();
  };
  const race = () => {
    const endMs = clock.monotonicMs() + burstMs;
    while (city.nowMs < untilMs && clock.monotonicMs() < endMs) {
      advance(Math.min(longestStepS, (untilMs - city.nowMs) / 1000));
    }
    return 0;
  };
  let timer = clock.after(0, () => undefined);
  const arrived = new Promise<void>((resolve) => {
    function tick() {
      const pauseMs = since.speed === 'max' ? race() : follow(since.speed);
      const owedS = pace.takeOwed();
      reach(city.nowMs + owedS * 1000);
      if (pace.speed !== since.speed || owedS > 0) since = standing();
      publish();
      if (city.nowMs >= untilMs) resolve();
      else timer = clock.after(pauseMs, tick);
    }
    timer = clock.after(0, tick);
  });
  await Promise.race([arrived, stopped]);
  timer.cancel();
}
