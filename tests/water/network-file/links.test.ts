import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../edge/core/random.ts';
import { localTime } from '../../../simulator/city/local-time.ts';
import { harbinWeather } from '../../../simulator/city/weather.ts';
import { createNetworkPlant } from '../../../simulator/water/network-file/plant.ts';
import { fileOf } from './networks.ts';

/** A main with two bends from a reservoir to three houses, a gate that stands shut, and a house that is not on the map. */
const hamlet = `
[JUNCTIONS]
A 10 0
B 10 4
C 10 3
D 10 1
E 45 1
[RESERVOIRS]
R 60
[PIPES]
main R A 500 300 110 0 Open
south A B 200 150 110 0 Open
gate A C 200 150 110 0 Closed
back C B 200 150 110 0 Open
lost B D 100 150 110 0 Open
hill B E 100 150 110 0 Open
[COORDINATES]
R 1000 5000
A 1400 5000
B 1800 5000
C 1400 5200
E 1800 5100
[VERTICES]
main 1100 5100
main 1300 5100
[TIMES]
Duration 24:00
[OPTIONS]
Units LPS
Headloss H-W
`;

async function hamletOf(text: string) {
  const plant = await createNetworkPlant(fileOf('hamlet.inp', text), { random: seededRandom(1, 'water') });
  const links = new Map(plant.networks.flatMap((network) => network.links.map((link) => [link.id, link])));
  let nowMs = Date.parse('2027-01-12T08:00:00+08:00');
  const step = (dtS: number) => {
    nowMs += dtS * 1000;
    plant.step({ timeMs: nowMs, dtS, ...localTime(nowMs), weather: harbinWeather(1)(nowMs) });
  };
  step(60);
  return { plant, links, step, now: () => nowMs };
}

describe('the map of a network of the user', () => {
  it('has every link whose ends are on the map of the file, with its bends, in the shape of the file', async () => {
    const { plant, links } = await hamletOf(hamlet);
    expect([...links.keys()].sort()).toEqual(['back', 'gate', 'hill', 'main', 'south']);
    const { from, to, via } = links.get('main')!;
    const [start, ...rest] = [from, ...via!, to].map((end) => end as readonly [number, number]);
    const ways = rest.map(([x, y]) => [x - start![0], y - start![1]] as const);
    const unit = ways.at(-1)![0] / 4;
    expect(unit).toBeGreaterThan(0);
    const shape = ways.map(([x, y]) => [x / unit, y / unit].map((value) => Number(value.toFixed(2)) + 0));
    expect(shape).toEqual([
      [1, 1],
      [3, 1],
      [4, 0],
    ]);
    plant.dispose();
  });

  it('tells where water flows and which way, what is shut, and where pressure is too low for the houses', async () => {
    const { plant, links } = await hamletOf(hamlet);
    expect(links.get('main')!.now()).toEqual({ state: 'usual', flow: 1 });
    expect(links.get('gate')!.now()).toEqual({ state: 'still', flow: 0 });
    expect(links.get('back')!.now()).toEqual({ state: 'usual', flow: -1 });
    expect(links.get('hill')!.now()).toEqual({ state: 'weak', flow: 1 });
    plant.dispose();
  });

  it('marks the pipe that feeds a burst until it is repaired, and none for a hydrant', async () => {
    const { plant, links, step, now } = await hamletOf(hamlet);
    const leaking = () => [...links.values()].filter((link) => link.now().state === 'leaking').map(({ id }) => id);
    const leak = { target: 'dma-1', magnitude: 10, durationS: 600 };
    plant.start({ ...leak, id: 'flush', kind: 'water.hydrant-flush', startMs: now() });
    step(60);
    expect(leaking()).toEqual([]);
    const { text } = plant.start({ ...leak, id: 'burst', kind: 'water.burst', startMs: now() });
    step(60);
    const place = /\((\w+),/.exec(text.en)![1]!;
    expect(leaking()).toEqual({ A: ['main'], B: ['south'], C: ['back'], D: [], E: ['hill'] }[place]);
    step(1_200);
    expect(leaking()).toEqual([]);
    plant.dispose();
  });

  it('is empty without coordinates', async () => {
    const { plant, links } = await hamletOf(hamlet.replace(/\[COORDINATES\][^[]*\[VERTICES\][^[]*/, ''));
    expect(links.size).toBe(0);
    plant.dispose();
  });

  it('tells of no state while there is no solution', async () => {
    const circle = `${hamlet.replace('[TIMES]', '[PUMPS]\nU1 B C POWER 50\nU2 C B POWER 50\n[TIMES]')}`;
    const { plant, links } = await hamletOf(circle);
    expect(plant.trouble?.()?.code).toBe('LL-EPANET-UNSTABLE');
    expect([...links.values()].every((link) => link.now().state === 'unknown')).toBe(true);
    plant.dispose();
  });
});
