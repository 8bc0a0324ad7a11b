import type { LifelineError } from '../../edge/core/errors.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { AttackHappenings, victimOf } from '../plc/attacks.ts';
import type { ClientNetwork } from '../plc/client-lines.ts';
import { DeviceHappenings } from '../plc/device-happenings.ts';
import { selfTelling } from '../plc/diagnostics.ts';
import { plcAssets } from '../plc/plc-assets.ts';
import { equipped } from '../plc/sight.ts';
import type { NetworkFile } from '../water/network-file/source.ts';
import { endMsOf } from './active.ts';
import { consequencesOver } from './consequences.ts';
import { type Wire, Wiring } from './couplings.ts';
import { localTime } from './local-time.ts';
import type { CityNetwork } from './networks.ts';
import type { Equipment, Happening, HappeningKind, Plant, PlantAsset, Plc, Truth } from './plant.ts';
import { plants } from './plants.ts';
import { withSupplies } from './supplies.ts';
import { type CityWeather, harbinWeather } from './weather.ts';
import { cityWiring } from './wiring.ts';

export interface CityOptions {
  readonly seed: number;
  /** City time at which live steps begin, ms since epoch. */
  readonly startMs: number;
  /** Utilities to build; all of them when left out. */
  readonly utilities?: readonly string[];
  /** What reaches one utility from another; the default city's wires when left out. */
  readonly wiring?: readonly Wire[];
  /** How densely the city is equipped; `lean` when left out. */
  readonly equipment?: Equipment;
  /** The user's own water network in place of the default city's, whose wires to the other utilities it has not. */
  readonly waterNetwork?: NetworkFile;
  /** By what intruders and engineers reach the PLCs; the city's own memory when left out. */
  readonly clients?: ClientNetwork;
}

/** The simulated city: one clock, one weather, the plants. It moves only by `step`. */
export interface City {
  /** City time, ms since epoch. */
  readonly nowMs: number;
  /** Weather at `nowMs`. */
  readonly weather: CityWeather;
  readonly assets: readonly PlantAsset[];
  readonly plcs: readonly Plc[];
  readonly happenings: readonly HappeningKind[];
  /** Networks of all utilities, in the order in which they were built. */
  readonly networks: readonly (CityNetwork & { readonly utility: string })[];
  /** Why values of the city are bad at present, as coded errors; empty while all are good. */
  readonly troubles: readonly LifelineError[];
  /** Moves every plant forward by `dtS` seconds (> 0). */
  step(dtS: number): void;
  /** Starts a happening now; RangeError when no plant plays its kind or knows its target. */
  start(happening: Happening): Truth;
  /** Ends a happening before its time, from the next step on; RangeError when none of this id goes on. */
  end(id: string): void;
  /** Frees native resources of the plants. */
  dispose(): void;
}

/** A happening as the city hands it to its players. */
type Ongoing = Omit<Happening, 'durationS'> & { durationS: number };

/** What is ended at its very start has lasted this long: 0 would be for good. */
const shortestS = 0.001;

/**
 * How a city comes to life before its first live step: a day of warm-up in ever finer steps, so that transients have
 * died out and the last warm-up steps are already close to live ones.
 */
const warmUp: readonly { readonly forS: number; readonly stepS: number }[] = [
  { forS: 23 * 3600, stepS: 300 },
  { forS: 55 * 60, stepS: 60 },
  { forS: 5 * 60, stepS: 10 },
];
const warmUpMs = warmUp.reduce((sum, part) => sum + part.forS, 0) * 1000;

/**
 * Builds a city and warms it up; RangeError for a utility or an end of a wire that does not exist. Same seed, start and
 * steps: same city.
 */
export async function createCity(options: CityOptions): Promise<City> {
  const { seed, startMs, utilities = Object.keys(plants), waterNetwork, equipment = 'lean' } = options;
  const weatherAt = harbinWeather(seed);
  const random = seededRandom(seed, 'city');
  const built: Plant[] = [];
  const wiring = new Wiring();
  for (const utility of utilities) {
    const create = plants[utility];
    if (!create) throw new RangeError(`no utility "${utility}"; known: ${Object.keys(plants).join(', ')}`);
    const context = { random: random.fork(utility), couplings: wiring.of(utility), equipment };
    built.push(await create(waterNetwork ? { ...context, waterNetwork } : context));
  }
  const wired = waterNetwork ? utilities.filter((utility) => utility !== 'water') : utilities;
  const wires = wiring.lay(options.wiring ?? cityWiring, wired);
  const equippedPlcs = built.flatMap((plant) => plant.plcs).map(equipped);
  const devices = new DeviceHappenings(equippedPlcs, random.fork('devices'));
  const telling = equippedPlcs.map(selfTelling);
  const plcs = telling.map(({ plc }) => plc);
  const served = withSupplies(
    built.flatMap((plant) => plant.assets),
    wires,
    plcs,
  );
  const assets = [...served, ...plcAssets(plcs, served)];
  const attacks = new AttackHappenings(telling.flatMap(victimOf), assets, random.fork('attacks'), options.clients);
  const players = [...built, devices, attacks];
  const originMs = startMs - warmUpMs;
  let elapsedS = 0;
  let weather = weatherAt(originMs);
  const nowMs = () => originMs + elapsedS * 1000;

  function step(dtS: number): void {
    if (!(dtS > 0)) throw new RangeError(`a step of ${dtS} s does not move forward`);
    elapsedS += dtS;
    const timeMs = nowMs();
    weather = weatherAt(timeMs);
    const moment = { timeMs, dtS, ...localTime(timeMs), weather };
    devices.step(timeMs);
    attacks.step(timeMs, dtS);
    for (const plant of built) plant.step(moment);
    for (const { self } of telling) self.step(dtS);
    wiring.exchange();
  }

  for (const { forS, stepS } of warmUp) for (let done = 0; done < forS; done += stepS) step(stepS);
  const begun = new Map<string, Ongoing>();
  const consequences = consequencesOver(wires, assets, plcs);
  const happenings = players.flatMap((player) => player.happenings);
  return {
    get nowMs() {
      return nowMs();
    },
    get weather() {
      return weather;
    },
    get troubles() {
      return built.flatMap((plant) => plant.trouble?.() ?? []);
    },
    assets,
    plcs,
    happenings,
    networks: built.flatMap(({ utility, networks }) => networks.map((network) => ({ ...network, utility }))),
    step,
    start(planned) {
      // A copy of its own, which the players keep: `end` shortens it for all of them.
      const happening: Ongoing = { ...planned };
      const owner = players.find((player) => player.happenings.some(({ kind }) => kind === happening.kind));
      if (!owner) throw new RangeError(`nothing in this city plays "${happening.kind}"`);
      const truth = owner.start(happening);
      begun.set(happening.id, happening);
      return truth.decoy ? truth : { ...truth, affected: consequences(truth.affected) };
    },
    end(id) {
      const happening = begun.get(id);
      if (!happening || endMsOf(happening) <= nowMs())
        throw new RangeError(`nothing called "${id}" goes on in this city`);
      happening.durationS = Math.max(shortestS, (nowMs() - happening.startMs) / 1000);
    },
    dispose() {
      for (const plant of built) plant.dispose();
    },
  };
}
