import { describe, expect, it } from 'vitest';
import { type Loss, squareLoss } from '../../simulator/heating/friction.ts';
import { Mains } from '../../simulator/heating/mains.ts';
import { pipeSizes, supplyWater, trenchDepthM } from '../../simulator/heating/network.ts';
import { lossCoefficient, PlugFlowPipe, waterHeatJKgK } from '../../simulator/heating/pipe.ts';

const design = { ...pipeSizes[250], ...supplyWater, lengthM: 520, depthM: trenchDepthM };
const groundC = 4;

/** Runs a pipe at a flow of `kgS` with inlet water of `inC` for `forS`; gives the outlet's course. */
function run(pipe: PlugFlowPipe, from: number, forS: number, dtS: number, kgS: number, inC: number): number[] {
  const outC: number[] = [];
  for (let nowS = from; nowS < from + forS; nowS += dtS) {
    outC.push(pipe.pull(kgS * dtS, 1, nowS, groundC, dtS));
    pipe.push(kgS * dtS, inC, 0, nowS);
  }
  return outC;
}

describe('plug flow through a buried pipe', () => {
  it('loses 0.4286 W/(m K) at DN 250 in a casing of 400 mm, 1.8 m deep, as reckoned by hand', () => {
    expect(lossCoefficient(design)).toBeCloseTo(0.4286, 4);
  });

  it('delays a front by its volume over its flow, and the wall smears it only afterwards', () => {
    const pipe = new PlugFlowPipe(design, 70);
    const transitS = pipe.massKg / 30;
    const course = run(pipe, 0, 2 * transitS, 1, 30, 90);
    const reached = (temperatureC: number) => course.findIndex((value) => value > temperatureC);
    // A parcel may carry its front by 1/200 of the pipe.
    expect(Math.abs(reached(70.5) / transitS - 1)).toBeLessThan(0.01);
    expect(reached(80) / transitS).toBeGreaterThan(1);
    expect(reached(80) / transitS).toBeLessThan(1.15);
  });

  it('cools in steady flow by exp(−U′L/(m cp))', () => {
    const pipe = new PlugFlowPipe(design, 90);
    const outC = run(pipe, 0, 40_000, 30, 2, 90).at(-1) as number;
    const exact =
      groundC + (90 - groundC) * Math.exp((-lossCoefficient(design) * design.lengthM) / (2 * waterHeatJKgK));
    expect(90 - exact).toBeGreaterThan(1);
    expect(Math.abs(outC - exact)).toBeLessThan(0.02);
  });

  it('keeps heat: what goes in comes out, stays in water and wall, or is lost to the ground', () => {
    const pipe = new PlugFlowPipe(design, 60);
    const storedJ = (nowS: number) => pipe.massKg * waterHeatJKgK * pipe.meanC(nowS, groundC);
    const before = storedJ(0);
    let balanceJ = 0;
    let nowS = 0;
    for (; nowS < 6 * 3600; nowS += 20) {
      const kg = (12 + 5 * Math.sin(nowS / 900)) * 20;
      balanceJ -= kg * waterHeatJKgK * pipe.pull(kg, 1, nowS, groundC, 20);
      balanceJ -= pipe.lostJ;
      pipe.push(kg, 85, 0, nowS);
      balanceJ += kg * waterHeatJKgK * 85;
    }
    const wallJ =
      Math.PI * (design.diameterM + design.wallM) * design.wallM * design.lengthM * 8000 * 500 * (84.5 - 60);
    // Water still inside has lost heat that the pipe accounts for when it leaves: at most an hour's loss.
    const hourJ = lossCoefficient(design) * design.lengthM * 80 * 3600;
    expect(Math.abs(balanceJ - (storedJ(nowS) - before) - wallJ)).toBeLessThan(hourJ);
    expect(balanceJ).toBeGreaterThan(10 * hourJ);
  });

  it('gives the same course for steps of 1 s and 20 s', () => {
    const fine = run(new PlugFlowPipe(design, 70), 0, 3600, 1, 18, 90).at(-1) as number;
    const coarse = run(new PlugFlowPipe(design, 70), 0, 3600, 20, 18, 90).at(-1) as number;
    expect(Math.abs(fine - coarse)).toBeLessThan(0.1);
  });

  it('gives back what it took in when the flow turns round', () => {
    const pipe = new PlugFlowPipe(design, 50);
    run(pipe, 0, 300, 1, 20, 90);
    let outC = 0;
    for (let nowS = 300; nowS < 540; nowS++) {
      outC = pipe.pull(20, 0, nowS, groundC, 1);
      pipe.push(20, 50, 1, nowS);
    }
    expect(outC).toBeGreaterThan(75);
  });

  it('cools towards the ground at rest with its own time constant', () => {
    const pipe = new PlugFlowPipe(design, 90);
    const area = (Math.PI * design.diameterM ** 2) / 4;
    const tauS = (design.densityKgM3 * area * waterHeatJKgK) / lossCoefficient(design);
    expect(pipe.meanC(tauS, groundC)).toBeCloseTo(groundC + (90 - groundC) / Math.E, 6);
    expect(tauS / 86_400).toBeGreaterThan(2);
  });
});

describe('heat in the mains', () => {
  const ids = ['sub-1', 'sub-2', 'sub-3', 'sub-4', 'sub-5', 'sub-6'];
  const mainsAt = (temperatureC: number) => {
    const mains = new Mains(
      ids.map((id) => ({ id, loss: (kgS: number, into: Loss) => squareLoss(180, kgS, into) })),
      (kgS, into) => {
        squareLoss(9, kgS, into);
        into.dropPa -= 500_000;
      },
    );
    mains.fill(temperatureC, temperatureC, 0);
    mains.network.solve();
    return mains;
  };
  const beat = (mains: Mains, dtS: number, nowS: number, plantC: number) => {
    mains.arrive(dtS, nowS, groundC, plantC);
    mains.giveBack(
      dtS,
      groundC,
      ids.map((id) => mains.temperatureC(id, 'supply') - 40),
      0,
      10,
    );
    mains.depart(dtS, nowS);
  };

  it('brings a front from the plant to the near substation long before the far one', () => {
    const mains = mainsAt(70);
    const arrivedS = new Map<string, number>();
    for (let nowS = 0; nowS < 7200; nowS += 2) {
      beat(mains, 2, nowS, 80);
      for (const id of ids) if (!arrivedS.has(id) && mains.temperatureC(id, 'supply') > 75) arrivedS.set(id, nowS);
    }
    const [near = 0, far = 0] = [arrivedS.get('sub-1'), arrivedS.get('sub-6')];
    // near: 900 m of DN 500 and 140 m of DN 150 lie between; far: half the ring and 150 m more
    expect(near).toBeGreaterThan(8 * 60);
    expect(near).toBeLessThan(25 * 60);
    expect(far - near).toBeGreaterThan(15 * 60);
    expect(arrivedS.size).toBe(6);
  });

  it('loses in steady flow what U′ L (T − Tg) says, within 2 %', () => {
    const mains = mainsAt(70);
    let nowS = 0;
    for (; nowS < 18 * 3600; nowS += 20) beat(mains, 20, nowS, 90);
    const inW = mains.circulationKgS * waterHeatJKgK * (90 - mains.temperatureC('plant', 'return'));
    const takenW = ids.reduce((sum, _, index) => sum + mains.branchKgS(index) * waterHeatJKgK * 40, 0);
    expect((inW - takenW) / mains.lostW).toBeCloseTo(1, 2);
    expect(mains.lostW / inW).toBeGreaterThan(0.005);
    expect(mains.lostW / inW).toBeLessThan(0.05);
  });
});
