import { describe, expect, it } from 'vitest';
import { LifelineError } from '../../../edge/core/errors.ts';
import { openNetwork } from '../../../simulator/water/network-file/open.ts';
import type { NetworkFile } from '../../../simulator/water/network-file/source.ts';
import { fileOf, townInp } from './networks.ts';

const plain = townInp(1, { columns: 4, rows: 3, supply: 'one-point', tanks: 1 });

async function refusal(file: NetworkFile): Promise<LifelineError> {
  const refused = await openNetwork(file, () => {}).catch((error: unknown) => error);
  if (!(refused instanceof LifelineError)) throw new Error(`expected a coded error, got ${refused}`);
  return refused;
}

/** A network with one line after the head of a section, and the number of that line. */
function broken(section: string, line: string) {
  const text = plain.replace(`[${section}]\n`, `[${section}]\n${line}\n`);
  return { file: fileOf('town.inp', text), number: text.split('\n').indexOf(line) + 1 };
}

describe('a file that EPANET refuses', () => {
  it.each([
    ['JUNCTIONS', 'JX abc 1', 'illegal numeric value', 'write a number'],
    ['PIPES', 'PX J0-0 nowhere 100 200 100', 'undefined node nowhere', 'define the node'],
    ['PIPES', 'PX J0-0 J1-1 -100 200 100', 'illegal numeric value', 'no negative length'],
    ['PUMPS', 'PX J0-0 J1-1 HEAD nocurve', 'undefined curve', 'define the curve'],
    ['CONTROLS', 'LINK PX OPEN IF NODE T1 ABOVE 3', 'undefined link PX', 'define the link'],
    ['VALVES', 'VX T1 J1-1 200 PRV 30 0', 'valve', 'put a pipe between'],
    ['JUNCTIONS', 'alone 10 1', 'unconnected', 'join the node by a pipe'],
  ])('in [%s] %s: names line, words and what helps', async (section, line, words, hint) => {
    const { file, number } = broken(section, line);
    const error = await refusal(file);
    expect(error.code).toBe('LL-EPANET-FILE');
    expect(error.message).toContain(`town.inp:${number} `);
    expect(error.message).toContain(words);
    expect(error.message).toContain(hint);
  });

  it('that gives two things one ID: names the line of the second', async () => {
    const { file, number } = broken('PIPES', 'P0 J0-0 J1-1 100 200 100');
    const error = await refusal(file);
    expect(error.message).toContain(`town.inp:${number + 1} duplicate ID`);
    expect(error.message).toContain('an ID may be used once');
  });

  it('in a rule: names the line of the clause', async () => {
    const { file, number } = broken('RULES', 'IF TANK nowhere LEVEL > 3');
    const text = new TextDecoder().decode(file.bytes).replace('[RULES]\n', '[RULES]\nRULE 1\n');
    const error = await refusal(fileOf('town.inp', text));
    expect(error.message).toContain(`town.inp:${number + 1} `);
  });

  it('names every line that is wrong, and counts what it does not name', async () => {
    const lines = Array.from({ length: 20 }, (_, index) => `PX${index} J0-0 nowhere${index} 100 200 100`);
    const error = await refusal(broken('PIPES', lines.join('\n')).file);
    expect(error.message).toContain('undefined node nowhere0 ');
    expect(error.message).toContain('undefined node nowhere7 ');
    expect(error.message).toContain('and 12 more');
  });

  it.each([
    ['is empty', ''],
    ['is no network', 'hello\nworld\n'],
    ['has no source', plain.replace(/\[RESERVOIRS\]\n.*\n/, '').replace(/\[TANKS\]\n.*\n/, '')],
    ['is binary', String.fromCharCode(0, 1, 2, 255, 254).repeat(100)],
  ])('that %s: a coded error with the name of the file', async (_, text) => {
    const error = await refusal(fileOf('town.inp', text));
    expect(error.code).toBe('LL-EPANET-FILE');
    expect(error.message).toContain('town.inp');
  });

  it('that is too large: says the limit', async () => {
    const error = await refusal({ name: 'big.inp', bytes: new Uint8Array(33 * 2 ** 20) });
    expect(error.code).toBe('LL-EPANET-SIZE');
  });
});
