import type { Random } from '../../../edge/core/random.ts';
import {
  isSection,
  type NetworkFile,
  networkLines,
  networkText,
} from '../../../simulator/water/network-file/source.ts';

/**
 * How far a utility's model strays from the ground, as standard deviations of a logarithm: Hazen–Williams coefficients of
 * single pipes, and the demand that single junctions are given (design choice: the loss in a pipe is then off by 28 %).
 */
const stray = { roughness: 0.15, demand: 0.3 } as const;

/** Field of a section that strays, counted from 0, and how far. */
const strays = [
  { section: 'JUNCTIONS', field: 2, by: stray.demand },
  { section: 'DEMANDS', field: 1, by: stray.demand },
  { section: 'PIPES', field: 5, by: stray.roughness },
] as const;

/** A network's file as its utility might have it: same pipes, but roughness and demand of every one somewhat wrong. */
export function strayedModel(file: NetworkFile, random: Random): NetworkFile {
  const lines = networkLines(networkText(file)).map((line) => {
    const own = strays.find(({ section }) => isSection(line, section));
    const fields = line.text.split(/\s+/);
    const value = Number(fields[own?.field ?? -1]);
    if (!own || line.text.startsWith('[') || !(value > 0)) return line.text;
    return fields.with(own.field, (value * Math.exp(own.by * random.normal())).toPrecision(6)).join(' ');
  });
  return { name: file.name, bytes: new TextEncoder().encode(lines.join('\n')) };
}
