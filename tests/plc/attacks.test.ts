import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { type City, createCity } from '../../simulator/city/city.ts';
import { drawHappenings } from '../../simulator/exam/draw.ts';
import { suites } from '../../simulator/exam/suites.ts';
import { countedNetwork } from '../../simulator/plc/counted-lines.ts';
import { selfTelling } from '../../simulator/plc/diagnostics.ts';
import { ForeignClient } from '../../simulator/plc/foreign-client.ts';
import { memoryClient, memoryLine } from '../../simulator/plc/memory-line.ts';
import { faceModbus } from '../../simulator/plc/modbus-server.ts';
import { createScans, type PlcScan } from '../../simulator/plc/scan.ts';
import { towns } from '../water/network-file/networks.ts';
import { plcOf, point } from './plc.ts';

const startMs = Date.parse('2026-03-10T10:00:00+08:00');
const cities: City[] = [];
afterAll(() => {
  for (const city of cities) city.dispose();
});

type Attack = readonly [kind: string, target: string, magnitude: number, durationS?: number, rampS?: number];

/** What a city came to: truths and what the wire says of them, by tag. */
interface Played {
  readonly city: City;
  readonly scans: readonly PlcScan[];
  readonly truth: (tag: string) => number;
  readonly wire: (tag: string) => number;
  /** What the wire has said of a tag at each step. */
  readonly course: (tag: string) => readonly number[];
  step(minutes: number): void;
}

/** A city of these utilities in which attacks begin at once, every step 10 s. */
async function play(utilities: readonly string[], attacks: readonly Attack[], seed = 5): Promise<Played> {
  const city = await createCity({ seed, startMs, utilities });
  cities.push(city);
  const scans = createScans(city.plcs, seededRandom(seed, 'plc'));
  const places = new Map(
    scans.flatMap((scan) =>
      scan.plc.points.map((point, index) => [`${scan.plc.id}/${point.name}`, { scan, point, index }] as const),
    ),
  );
  const placeOf = (tag: string) => {
    const place = places.get(tag as `${string}/${string}`);
    if (!place) throw new Error(`no tag ${tag}`);
    return place;
  };
  const wire = (tag: string) => placeOf(tag).scan.engineering(placeOf(tag).index);
  const said = new Map<string, number[]>([...places.keys()].map((tag) => [tag, []]));
  for (const [index, [kind, target, magnitude, durationS = 0, rampS = 0]] of attacks.entries()) {
    city.start({ id: `a${index}`, kind, target, magnitude, durationS, rampS, startMs: city.nowMs });
  }
  return {
    ...{ city, scans, wire },
    truth: (tag) => placeOf(tag).point.read(),
    course: (tag) => said.get(tag) ?? [],
    step(minutes) {
      for (let step = 0; step < minutes * 6; step++) {
        city.step(10);
        for (const scan of scans) scan.scan();
        for (const [tag, values] of said) values.push(wire(tag));
      }
    },
  };
}

const ofProcess = ({ scans }: Played, plc?: string) =>
  scans
    .filter((scan) => plc === undefined || scan.plc.id === plc)
    .flatMap(({ plc: { id, points } }) => points.map(({ name }) => `${id}/${name}`))
    .filter((tag) => !tag.includes('/plc-'));
const differing = (a: Played, b: Played, plc?: string) =>
  ofProcess(a, plc).filter((tag) => a.course(tag).some((value, step) => !Object.is(value, b.course(tag)[step])));
const isIntruder = (address: number) => Math.floor(address / 1_000_000) === 10_066;

describe('attacks that write', () => {
  it('a command of a foreign client closes a valve again and again, the PLC knows who did it, and it ends as it began', async () => {
    const struck = await play(['water'], [['attack.command-write', 'water-dma-2/valve-command', 90, 600]]);
    struck.step(2);
    struck.city.plcs
      .find(({ id }) => id === 'water-dma-2')
      ?.points.find(({ name }) => name === 'valve-command')
      ?.write?.(100);
    struck.step(3);
    expect(struck.truth('water-dma-2/valve-command')).toBeCloseTo(10, 5);
    expect(struck.truth('water-dma-2/valve-position')).toBeLessThan(40);
    expect(struck.wire('water-dma-2/plc-writes')).toBeGreaterThan(20);
    expect(isIntruder(struck.wire('water-dma-2/plc-last-writer'))).toBe(true);
    expect(struck.wire('water-dma-2/plc-connections')).toBe(1);
    expect(struck.wire('water-dma-1/plc-writes')).toBe(0);
    struck.step(6);
    expect(struck.truth('water-dma-2/valve-command')).toBe(100);
    expect(struck.wire('water-dma-2/plc-connections')).toBe(0);
  });

  it('a shifted set-point is one write by one who is gone at once, and the plant follows', async () => {
    const [spared, struck] = [
      await play(['water'], []),
      await play(['water'], [['attack.setpoint-shift', 'water-ps-1/p-set', 10]]),
    ];
    for (const one of [spared, struck]) one.step(10);
    const shift = struck.truth('water-ps-1/p-set') - spared.truth('water-ps-1/p-set');
    expect(Math.abs(shift)).toBeCloseTo(0.014, 6);
    const followed = struck.truth('water-ps-1/p-out') - spared.truth('water-ps-1/p-out');
    expect(Math.abs(followed - shift)).toBeLessThan(0.006);
    expect(struck.course('water-ps-1/plc-writes').at(-1)).toBe(1);
    expect(struck.course('water-ps-1/plc-connections').filter((open) => open > 0)).toHaveLength(1);
  });

  it('a staircase takes many steps, none of which is more than half a percent of the range', async () => {
    const struck = await play(['heating'], [['attack.staircase', 'heat-sub-3/curve-shift', 20, 1800]]);
    struck.step(28);
    const course = struck.course('heat-sub-3/curve-shift');
    const steps = course.slice(1).map((value, index) => Math.abs(value - (course[index] ?? value)));
    expect(Math.max(...steps)).toBeLessThanOrEqual(0.005 * 20 + 0.051);
    expect(Math.abs((course.at(-1) ?? 0) - (course[0] ?? 0))).toBeGreaterThan(3.5);
    expect(struck.wire('heat-sub-3/plc-writes')).toBe(40);
  });

  it('reach an OPC UA server as they reach a Modbus one', async () => {
    const struck = await play(['heating'], [['attack.command-write', 'heat-plant-1/supply-shift', 50]]);
    struck.step(2);
    expect(Math.abs(struck.truth('heat-plant-1/supply-shift'))).toBeCloseTo(15, 5);
    expect(struck.wire('heat-plant-1/plc-writes')).toBeGreaterThan(5);
    expect(isIntruder(struck.wire('heat-plant-1/plc-last-writer'))).toBe(true);
  });
});

describe('attacks on values', () => {
  it('a spoofed input lets the program go the wrong way, with no client to be seen', async () => {
    const [spared, struck] = [
      await play(['water'], []),
      await play(['water'], [['attack.spoofed-input', 'water-ps-1/p-out', 5]]),
    ];
    for (const one of [spared, struck]) one.step(10);
    const moved = struck.truth('water-ps-1/p-out') - spared.truth('water-ps-1/p-out');
    expect(Math.abs(moved)).toBeGreaterThan(0.02);
    expect(struck.wire('water-ps-1/plc-connections')).toBe(0);
    expect(struck.wire('water-ps-1/plc-writes')).toBe(0);
  });

  it('a concealed command moves the plant while its own PLC tells the old story, and its neighbours the new one', async () => {
    const target = 'water-dma-2/valve-command';
    const [spared, struck] = [await play(['water'], []), await play(['water'], [['attack.concealment', target, 95]])];
    for (const one of [spared, struck]) one.step(12);
    expect(struck.truth(target)).toBeCloseTo(5, 5);
    expect(struck.wire(target)).toBe(100);
    const [own, neighbour] = ['water-dma-2/p-critical', 'water-dma-4/p-inlet'];
    expect(struck.truth(own)).toBeLessThan(0.8 * spared.truth(own));
    expect(Math.abs(struck.wire(own) / spared.wire(own) - 1)).toBeLessThan(0.05);
    // what was heard in the first two minutes comes again and again
    expect(struck.course(own).slice(-24, -12)).toEqual(struck.course(own).slice(-12));
    expect(struck.wire(neighbour)).toBeLessThan(0.8 * spared.wire(neighbour));
    expect(isIntruder(struck.wire('water-dma-2/plc-last-writer'))).toBe(true);
  });
});

it('other firmware tells every measured 32-bit value in another word order, while the plant goes on bit by bit', async () => {
  const [spared, struck] = [await play(['water'], []), await play(['water'], [['attack.firmware', 'water-dma-1', 1]])];
  for (const one of [spared, struck]) one.step(3);
  const wide = (struck.scans.find(({ plc }) => plc.id === 'water-dma-1')?.plc.points ?? []).filter(
    ({ type, noise }) => type === 'float32' && noise > 0,
  );
  expect(wide.length).toBeGreaterThan(5);
  const values = wide.map(({ name }) => [struck.wire(`water-dma-1/${name}`), spared.wire(`water-dma-1/${name}`)]);
  expect(values.filter(([told, meant]) => told === meant)).toEqual([]);
  const truths = ({ city }: Played) => city.plcs.flatMap(({ points }) => points.map(({ read }) => read()));
  expect(truths(struck).filter((_, index) => !Object.is(truths(struck)[index], truths(spared)[index]))).toEqual([]);
  expect(Math.max(...struck.course('water-dma-1/plc-connections'))).toBe(1);
});

describe('attacks that only PLCs themselves can tell of', () => {
  it('a second master, a scan and an exhaustion show in connections, requests, exceptions and refusals, and nowhere else', async () => {
    const [spared, struck] = [
      await play(['water'], []),
      await play(
        ['water'],
        [
          ['attack.second-master', 'water-dma-1', 5],
          ['attack.scan', 'water-dma-3', 10],
          ['attack.exhaustion', 'water-dma-4', 2],
        ],
      ),
    ];
    for (const one of [spared, struck]) one.step(5);
    expect(differing(struck, spared)).toEqual([]);
    const own = (plc: string) =>
      ['connections', 'clients', 'requests', 'exceptions', 'refused', 'writes'].map((name) =>
        struck.wire(`${plc}/plc-${name}`),
      );
    expect(own('water-dma-1')).toEqual([1, 1, 1500, 0, 0, 0]);
    const [, , asked = 0, refusals = 0] = own('water-dma-3');
    expect(asked).toBe(3000);
    expect(refusals).toBeGreaterThan(2900);
    expect(own('water-dma-4')).toEqual([32, 1, 0, 0, 600 - 32, 0]);
    expect(own('water-dma-2')).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('whoever loses his connection while all are taken finds no place again, until it is over', async () => {
    const struck = await play(['water'], [['attack.exhaustion', 'water-dma-4', 10, 120]]);
    const scan = struck.scans.find(({ plc }) => plc.id === 'water-dma-4');
    if (!scan) throw new Error('no such PLC');
    const face = faceModbus(scan);
    const comesIn = async () => {
      const [client, server] = memoryLine();
      face.admit(server, memoryClient);
      await new Promise((resolve) => setImmediate(resolve));
      return { client, stands: !client.destroyed };
    };
    const { client, stands } = await comesIn();
    expect(stands).toBe(true);
    const moveOn = (minutes: number) => {
      struck.step(minutes);
      face.publish(struck.city.nowMs);
    };
    moveOn(1);
    expect(client.destroyed).toBe(false);
    client.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    expect((await comesIn()).stands).toBe(false);
    moveOn(2);
    expect((await comesIn()).stands).toBe(true);
  });
});

it('an engineer who works at a PLC turns its key first, changes next to nothing, and leaves all as it was', async () => {
  const session = await play(['heating'], [['maintenance.engineer-session', 'heat-sub-2', 1, 600]]);
  const before = session.truth('heat-sub-2/curve-shift');
  session.step(8);
  expect(session.wire('heat-sub-2/plc-maintenance')).toBe(1);
  expect(session.wire('heat-sub-2/plc-writes')).toBe(1);
  expect(session.wire('heat-sub-2/plc-last-writer')).toBe(10_000_000_031);
  expect(Math.abs(session.truth('heat-sub-2/curve-shift') - before)).toBeLessThanOrEqual(0.2);
  session.step(3);
  expect(session.wire('heat-sub-2/plc-maintenance')).toBe(0);
  expect(session.truth('heat-sub-2/curve-shift')).toBeCloseTo(before, 6);
});

it('a PLC without supply counts nobody, and its intruders are back when it is', () => {
  let on = true;
  const { plc, self } = selfTelling({ ...plcOf('ps-9', 1, [point('level', {})]), powered: () => on });
  const client = new ForeignClient(countedNetwork.linesTo({ plc, self }, '10.66.1.1', () => startMs));
  const tries = () => {
    self.step(1);
    client.hold(30);
    client.read(plc.points[0]!);
    client.grasp(5);
    const { connections, requests, refused } = self.traffic;
    return [connections, requests, refused];
  };
  expect(tries()).toEqual([32, 1, 3]);
  on = false;
  expect(tries()).toEqual([0, 1, 3]);
  on = true;
  expect(tries()).toEqual([32, 2, 6]);
});

it('the same attacks in the same city come out the same, tag by tag, and those of another seed do not', async () => {
  const attacks: readonly Attack[] = [
    ['attack.scan', 'light-cab-1', 20],
    ['attack.command-write', 'light-cab-2/c1-command', 1],
    ['attack.concealment', 'light-cab-3/c2-command', 50],
  ];
  const runs = [
    await play(['lighting'], attacks),
    await play(['lighting'], attacks),
    await play(['lighting'], attacks, 6),
  ];
  for (const run of runs) run.step(5);
  const [first, second, other] = runs.map(({ scans }) => scans.map(({ raw }) => [...raw]));
  expect(second).toEqual(first);
  expect(other).not.toEqual(first);
});

it('whatever is attacked, once it is over all settings, keys, wires and places are as they were', async () => {
  const { city, scans } = await play(['heating'], []);
  const kinds = city.happenings.filter(({ kind }) => /^(attack|maintenance)\./.test(kind));
  const settings = () =>
    city.plcs.flatMap(({ points }) => points.filter(({ write }) => write).map(({ read }) => read().toFixed(6)));
  const ownOf = (name: string) => city.plcs.flatMap(({ points }) => points.filter((one) => one.name === name));
  const before = settings();
  let count = 0;
  const aimed = fc.record({
    kind: fc.constantFrom(...kinds),
    place: fc.nat(),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(aimed, { minLength: 1, maxLength: 6 }), (attacks) => {
      const struck = new Set<string>();
      for (const { kind, place, share } of attacks) {
        const target = kind.targets[place % kind.targets.length] ?? '';
        const plc = target.replace(/\/.*/, '');
        if (struck.has(plc)) continue;
        struck.add(plc);
        const magnitude = kind.magnitude.low + share * (kind.magnitude.high - kind.magnitude.low);
        city.start({ id: `p${++count}`, kind: kind.kind, target, magnitude, durationS: 150, startMs: city.nowMs });
      }
      for (let step = 0; step < 20; step++) city.step(10);
      expect(settings()).toEqual(before);
      expect(ownOf('plc-connections').filter(({ read }) => read() !== 0)).toEqual([]);
      expect(ownOf('plc-maintenance').filter(({ read }) => read() !== 0)).toEqual([]);
      expect(scans.flatMap(({ plc }) => (plc.instruments ?? []).filter(({ isDistorted }) => isDistorted))).toEqual([]);
    }),
    { numRuns: 12 },
  );
});

it('a day of the suite `attack` plays each kind, whatever the seed', async () => {
  const { city } = await play(['water'], []);
  const suite = suites.find(({ name }) => name === 'attack');
  if (!suite) throw new Error('there is no attack suite');
  const kinds = city.happenings.filter(({ kind }) => kind.startsWith('attack.')).map(({ kind }) => kind);
  fc.assert(
    fc.property(fc.nat(2 ** 31 - 1), (seed) => {
      const drawn = drawHappenings(suite, seed, suite.startMs(seed), city.happenings).map(({ kind }) => kind);
      expect(new Set(drawn.filter((kind) => kind.startsWith('attack.'))).size).toBe(kinds.length);
      expect(drawn).not.toContain('water.burst');
    }),
    { numRuns: 30 },
  );
});

it("a user's own water network is attacked like the default city: its writable points, its inputs, its PLCs", async () => {
  const waterNetwork = towns['three tanks and a pump of three points'];
  if (!waterNetwork) throw new Error('no town');
  const city = await createCity({ seed: 5, startMs, utilities: ['water'], waterNetwork });
  cities.push(city);
  const kinds = city.happenings.filter(({ kind }) => kind.startsWith('attack.'));
  expect(kinds).toHaveLength(9);
  for (const { kind, targets, magnitude } of kinds) {
    const target = targets[0]!;
    const truth = city.start({ id: kind, kind, target, magnitude: magnitude.low, durationS: 0, startMs: city.nowMs });
    expect(
      city.assets.map(({ id }) => id),
      kind,
    ).toContain(truth.asset);
  }
  for (let step = 0; step < 6; step++) city.step(10);
  const writes = city.plcs.flatMap(({ points }) => points.filter(({ name }) => name === 'plc-writes'));
  expect(writes.some(({ read }) => read() > 0)).toBe(true);
});
