import type { CityOptions } from '../../../simulator/city/city.ts';
import { drawHappenings } from '../../../simulator/exam/draw.ts';
import type { ExamCity } from '../../../simulator/exam/exam.ts';
import type { Suite } from '../../../simulator/exam/suites.ts';
import type { PlannedHappening } from '../../../simulator/scenarios/plan.ts';
import type { Problem } from '../../config/problem.ts';
import { networkFile, readCityFiles } from '../sim/files.ts';

/** What the command line says of the city. */
export interface CityWishes {
  readonly city?: string;
  readonly scenario?: string;
  readonly seed?: number;
  readonly utility?: readonly string[];
  /** The user's own gateway.yaml. */
  readonly gateway?: string;
}

/** A file of the user's has mistakes, all of which are in `errors`. */
export class Refused extends Error {
  readonly errors: readonly Problem[];

  constructor(errors: readonly Problem[]) {
    super(`${errors.length} mistakes`);
    this.errors = errors;
  }
}

/** The city that a suite is played in, and what happens there. */
export interface ExaminedCity {
  readonly built: CityOptions;
  happeningsOf(city: ExamCity): readonly PlannedHappening[];
}

/**
 * Puts command line, `city.yaml` and suite together, in this order of weight. What the files plan is played; the seed draws
 * where they plan nothing. Throws `Refused` for what is wrong in them.
 */
export async function examinedCity(suite: Suite, wishes: CityWishes): Promise<ExaminedCity> {
  const files = await readCityFiles({
    ...(wishes.city === undefined ? {} : { config: wishes.city }),
    ...(wishes.scenario === undefined ? {} : { scenario: wishes.scenario }),
  });
  if ('errors' in files) throw new Refused(files.errors);
  const { settings } = files;
  const seed = wishes.seed ?? settings.seed ?? suite.seeds[0] ?? 1;
  const startMs = settings.startMs ?? suite.startMs(seed);
  const utilities = wishes.utility ?? settings.utilities;
  // A gateway of one's own knows the ports of the city that `sim` shows, which is the full one.
  const equipment = settings.equipment ?? (wishes.gateway === undefined ? 'lean' : 'full');
  const built = {
    ...{ seed, startMs, equipment },
    ...(utilities ? { utilities } : {}),
    ...(settings.network === undefined ? {} : { waterNetwork: await networkFile(settings.network) }),
  };
  return {
    built,
    happeningsOf({ kinds, scans }) {
      const plan = files.plan({ happenings: kinds, plcs: scans.map(({ plc }) => plc), startMs });
      if (plan.errors.length > 0) throw new Refused([...plan.errors, ...plan.warnings]);
      return plan.happenings.length > 0 ? plan.happenings : drawHappenings(suite, seed, startMs, kinds);
    },
  };
}
