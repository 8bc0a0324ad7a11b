import { describe, expect, it } from 'vitest';
import { evaluate, type ProgramInputs } from '../../../simulator/water/network-file/control-program.ts';
import { openNetwork } from '../../../simulator/water/network-file/open.ts';
import { fileOf } from './networks.ts';

/** A small network in US units with these controls and rules. */
const network = (controls: string, rules: string, units = 'GPM') => `
[JUNCTIONS]
J1 0 10
J2 0 10
J3 0 10
[RESERVOIRS]
R 10
[TANKS]
T 100 10 0 20 50
[PIPES]
P1 J1 T 100 12 100 0 Open
P2 J1 J2 100 12 100 0 Open
[PUMPS]
PU R J1 POWER 10
[VALVES]
V1 J1 J3 12 PRV 40 0
[CONTROLS]
${controls}
[RULES]
${rules}
[OPTIONS]
Units ${units}
`;

/** Orders of a program by link id, evaluated with these inputs over quiet ones. */
async function orders(text: string, inputs: Partial<ProgramInputs>) {
  const { engine, model, program } = await openNetwork(fileOf('program.inp', text), () => {});
  const quiet: ProgramInputs = {
    ...{ runS: 0, previousRunS: 0, clockS: 0, previousClockS: 0 },
    ...{ headM: () => 0, gradeM: () => 0, demandLps: () => 0, totalDemandLps: () => 0, flowLps: () => 0 },
    ...{ fillS: () => Number.POSITIVE_INFINITY, drainS: () => Number.POSITIVE_INFINITY },
    ...{ status: () => 'open', setting: () => 1 },
  };
  const found = evaluate(program, { ...quiet, ...inputs });
  engine.closeH();
  engine.close();
  return Object.fromEntries([...found].map(([link, order]) => [model.links[link - 1]?.id, order]));
}

const open = { kind: 'open' };
const closed = { kind: 'closed' };
const running = { kind: 'setting', value: 1 };
const stopped = { kind: 'setting', value: 0 };

describe('simple controls', () => {
  const levels = network(
    'LINK PU OPEN IF NODE T BELOW 5\nLINK PU CLOSED IF NODE T ABOVE 15\nLINK P2 CLOSED IF NODE J2 BELOW 20',
    '',
  );

  it('compare the level of a tank, in feet in the file', async () => {
    expect((await orders(levels, { gradeM: () => 4.9 * 0.3048 }))['PU']).toEqual(running);
    expect((await orders(levels, { gradeM: () => 10 * 0.3048 }))['PU']).toBeUndefined();
    expect((await orders(levels, { gradeM: () => 15.1 * 0.3048 }))['PU']).toEqual(stopped);
  });

  it('compare the pressure of a junction, in psi in the file', async () => {
    expect((await orders(levels, { gradeM: () => 14 }))['P2']).toEqual(closed);
    expect((await orders(levels, { gradeM: () => 14.2 }))['P2']).toBeUndefined();
  });

  it('act once when a time passes, and at a time of every day', async () => {
    const text = network('LINK PU CLOSED AT TIME 2\nLINK P2 CLOSED AT CLOCKTIME 6 AM', '');
    const at = (previousRunS: number, runS: number, previousClockS = 0, clockS = 0) =>
      orders(text, { previousRunS, runS, previousClockS, clockS });
    expect(await at(7100, 7200)).toEqual({ PU: stopped });
    expect(await at(7200, 7300)).toEqual({});
    expect(await at(0, 0, 21_500, 21_700)).toEqual({ P2: closed });
    expect(await at(0, 0, 86_000, 100)).toEqual({});
    expect(await at(0, 0, 86_000, 21_600)).toEqual({ P2: closed });
  });

  it('set a valve in metres whatever the file counts in', async () => {
    const at = { previousRunS: 0, runS: 3600 };
    const order = (await orders(network('LINK V1 50 AT TIME 1', ''), at))['V1'];
    expect(order).toMatchObject({ kind: 'setting', value: expect.closeTo(50 * 0.70344, 2) });
    const metric = (await orders(network('LINK V1 50 AT TIME 1', '', 'LPS'), at))['V1'];
    expect(metric).toMatchObject({ kind: 'setting', value: expect.closeTo(50, 6) });
  });

  it('let the last of several for one link act', async () => {
    const text = network('LINK P2 OPEN IF NODE J2 ABOVE 1\nLINK P2 CLOSED IF NODE J2 ABOVE 2', '');
    expect(await orders(text, { gradeM: () => 50 })).toEqual({ P2: closed });
  });
});

describe('rules', () => {
  it('do one thing when their premises hold and another when not', async () => {
    const text = network(
      '',
      'RULE 1\nIF TANK T LEVEL BELOW 5\nAND SYSTEM CLOCKTIME >= 8 PM\nTHEN PUMP PU STATUS IS OPEN\nELSE PUMP PU STATUS IS CLOSED',
    );
    expect(await orders(text, { gradeM: () => 1, clockS: 21 * 3600 })).toEqual({ PU: open });
    expect(await orders(text, { gradeM: () => 1, clockS: 3 * 3600 })).toEqual({ PU: closed });
    expect(await orders(text, { gradeM: () => 2, clockS: 21 * 3600 })).toEqual({ PU: closed });
  });

  it('read OR as mending what failed before it, as EPANET does', async () => {
    const text = network(
      '',
      'RULE 1\nIF LINK P1 FLOW ABOVE 100\nOR LINK V1 STATUS IS ACTIVE\nAND SYSTEM TIME > 1\nTHEN PIPE P2 STATUS = CLOSED',
    );
    expect(await orders(text, { runS: 4000, status: () => 'active' })).toEqual({ P2: closed });
    expect(await orders(text, { runS: 4000, flowLps: () => -7 })).toEqual({ P2: closed });
    expect(await orders(text, { runS: 10, status: () => 'active' })).toEqual({});
    expect(await orders(text, { runS: 4000 })).toEqual({});
  });

  it('give way to a rule of higher priority for the same link, and go before simple controls', async () => {
    const text = network(
      'LINK PU 0.5 IF NODE T ABOVE 0',
      'RULE low\nIF TANK T LEVEL >= 0\nTHEN PUMP PU SETTING = 0.7\nPRIORITY 1\nRULE high\nIF TANK T LEVEL >= 0\nTHEN PUMP PU SETTING = 0.9\nPRIORITY 3\nRULE none\nIF TANK T LEVEL >= 0\nTHEN PUMP PU SETTING = 0.8',
    );
    expect(await orders(text, { gradeM: () => 1 })).toEqual({ PU: { kind: 'setting', value: expect.closeTo(0.9, 6) } });
  });

  it('compare the time in which a tank fills, in hours in the file', async () => {
    const text = network('', 'RULE 1\nIF TANK T FILLTIME BELOW 2\nTHEN PUMP PU STATUS IS CLOSED');
    expect(await orders(text, { fillS: () => 7100 })).toEqual({ PU: closed });
    expect(await orders(text, { fillS: () => 7300 })).toEqual({});
  });
});

describe('a network that is opened', () => {
  it('keeps neither controls nor rules in the engine', async () => {
    const text = network('LINK PU OPEN IF NODE T BELOW 5', 'RULE 1\nIF TANK T LEVEL < 5\nTHEN PUMP PU STATUS IS OPEN');
    const { engine } = await openNetwork(fileOf('program.inp', text), () => {});
    expect([engine.getCount(5), engine.getCount(6)]).toEqual([0, 0]);
    engine.closeH();
    engine.close();
  });
});
