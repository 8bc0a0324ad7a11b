import type { Random } from '../../edge/core/random.ts';
import { ActiveHappenings } from '../city/active.ts';
import type { Happening, HappeningKind, Truth } from '../city/happening.ts';
import type { PlantAsset } from '../city/plant.ts';
import type { AttackCourse, AttackScene, PlcAttack, PointAttack } from './attack.ts';
import { clientAttacks, lawfulSessions } from './attack-clients.ts';
import { firmwareAttack, valueAttacks } from './attack-values.ts';
import { writeAttacks } from './attack-writes.ts';
import type { ClientNetwork } from './client-lines.ts';
import { countedNetwork } from './counted-lines.ts';
import type { SelfTelling } from './diagnostics.ts';
import { ForeignClient } from './foreign-client.ts';
import type { Instrument } from './instrument.ts';
import { plcAssetId } from './plc-assets.ts';
import type { Victim } from './victim.ts';

/** The engineer's station, which every PLC knows, and where intruders come from (private networks, RFC 1918). */
const engineer = '10.0.0.31';
const intruder = (random: Random) => `10.66.${random.integer(0, 255)}.${random.integer(1, 254)}`;
/** What has no end is paced as if it took a working day, s. */
const endlessS = 8 * 3600;

const pointAttacks: Readonly<Record<string, PointAttack>> = { ...writeAttacks, ...valueAttacks };
const named = <Attack>(prefix: string, attacks: Readonly<Record<string, Attack>>) =>
  Object.entries(attacks).map(([name, attack]): [string, Attack] => [`${prefix}.${name}`, attack]);
const atPoints = new Map(named('attack', pointAttacks));
const atPlcs = new Map([
  ...named('attack', { ...clientAttacks, ...firmwareAttack }),
  ...named('maintenance', lawfulSessions),
]);

/** What an attack is aimed at. */
interface Aim {
  readonly victim: Victim;
  readonly instrument?: Instrument;
}

/** Attacks on the PLCs of a city, whichever it is, and lawful sessions that look like them. */
export class AttackHappenings {
  readonly happenings: readonly HappeningKind[];
  private readonly random: Random;
  private readonly aims: ReadonlyMap<string, Aim>;
  private readonly downstream: (assets: readonly string[]) => readonly string[];
  private readonly network: ClientNetwork;
  private readonly active: ActiveHappenings;
  private readonly courses = new Map<Happening, AttackCourse>();
  private nowMs = Number.NaN;

  /** @param network by which its clients reach the PLCs; the city's memory when left out */
  constructor(victims: readonly Victim[], assets: readonly PlantAsset[], random: Random, network = countedNetwork) {
    this.random = random;
    this.network = network;
    this.aims = new Map(victims.flatMap(aimsOf));
    this.downstream = downstreamOver(assets);
    this.happenings = [
      ...[...atPoints].map(([kind, attack]) =>
        kindOf(
          kind,
          attack,
          this.targets(({ victim, instrument }) => !!instrument && attack.befalls(instrument, victim)),
        ),
      ),
      ...[...atPlcs].map(([kind, attack]) =>
        kindOf(
          kind,
          attack,
          this.targets(({ instrument }) => !instrument),
        ),
      ),
    ];
    this.active = new ActiveHappenings(this.happenings);
  }

  /** Moves to `timeMs`: what is over is put back, what goes on takes its next step. */
  step(timeMs: number, dtS: number): void {
    this.nowMs = timeMs;
    for (const happening of this.active.expire(timeMs)) {
      this.courses.get(happening)?.end();
      this.courses.delete(happening);
    }
    for (const course of this.courses.values()) course.step(dtS);
  }

  /** Starts a happening; RangeError for a kind or target that there is not. */
  start(happening: Happening): Truth {
    const { decoy } = this.active.start(happening);
    const { kind, target } = happening;
    const aim = this.aims.get(target);
    if (!aim) throw new RangeError(`nothing called ${target} can be attacked`);
    const scene = this.sceneOf(happening, aim.victim, decoy);
    const atPlc = atPlcs.get(kind);
    const atPoint = atPoints.get(kind);
    if (atPlc) this.courses.set(happening, atPlc.begin(scene));
    else if (atPoint && aim.instrument) this.courses.set(happening, atPoint.begin(scene, aim.instrument));
    return this.truthOf(happening, aim, decoy);
  }

  private targets(fits: (aim: Aim) => boolean): readonly string[] {
    return [...this.aims].filter(([, aim]) => fits(aim)).map(([target]) => target);
  }

  private sceneOf(happening: Happening, victim: Victim, lawful: boolean): AttackScene {
    const { kind, target, id, startMs, durationS } = happening;
    const random = this.random.fork(id);
    const address = lawful ? engineer : intruder(random);
    return {
      ...victim,
      client: new ForeignClient(this.network.linesTo(victim, address, () => this.nowMs)),
      random,
      lastsS: durationS > 0 ? durationS : endlessS,
      size: () => this.active.magnitude(kind, target),
      elapsedS: () => Math.max(0, this.nowMs - startMs) / 1000,
    };
  }

  private truthOf(happening: Happening, { victim: { plc }, instrument }: Aim, decoy: boolean): Truth {
    const { kind, target } = happening;
    const attack = atPoints.get(kind) ?? atPlcs.get(kind);
    const self = plcAssetId(plc);
    const served = plc.points.flatMap(({ asset, role }) =>
      asset !== undefined && asset !== self && role !== undefined ? [asset] : [],
    );
    const asset = instrument ? (instrument.point.asset ?? mostFrequent(served) ?? self) : self;
    const shown = (attack?.shows ?? []).map((name) => `${plc.id}/plc-${name}`);
    const what = instrument ? instrument.point.description : plc.name;
    const { title = { zh: '', en: '' } } = attack ?? {};
    return {
      ...{ happening, decoy, asset },
      affected: this.downstream([asset, self, ...served]),
      tags: instrument ? [target, ...shown] : shown,
      text: { zh: `${target} ${what.zh}：${title.zh}`, en: `${target}, ${what.en}: ${title.en}` },
    };
  }
}

/** A PLC as attacks see it; none of those that tell nothing of themselves. */
export function victimOf({ plc, self }: SelfTelling): readonly Victim[] {
  if (plc.profile) return [];
  return [{ plc, self, instruments: plc.instruments ?? [] }];
}

/** A PLC, and each point of its process. */
function aimsOf(victim: Victim): (readonly [string, Aim])[] {
  const { plc, instruments } = victim;
  return [
    [plc.id, { victim }],
    ...instruments.map((instrument) => [`${plc.id}/${instrument.point.name}`, { victim, instrument }] as const),
  ];
}

function kindOf(kind: string, attack: PointAttack | PlcAttack, targets: readonly string[]): HappeningKind {
  const { title, magnitude, decoy = false, plane, level, alarmWithinS } = attack;
  return { kind, title, magnitude, decoy, targets, plane, level, alarmWithinS };
}

function mostFrequent(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** Assets together with all that lies downstream of them. */
function downstreamOver(assets: readonly PlantAsset[]): (from: readonly string[]) => readonly string[] {
  const next = new Map(assets.map(({ id, upstreamOf }) => [id, upstreamOf]));
  return (from) => {
    const found = new Set(from);
    // A set's iteration meets what is added during it.
    for (const asset of found) for (const down of next.get(asset) ?? []) found.add(down);
    return [...found];
  };
}
