import { type CityLink, type CityNetwork, linkNow } from '../city/networks.ts';
import { type Feeder, type FeederEffects, ratedA } from './feeder.ts';
import type { Service } from './service.ts';
import type { Section } from './substation.ts';

/** Share of the rated current above which a line is heavily loaded (practice with DL/T 5729: below 70 %). */
const strainedShare = 0.7;
/** Load above which a transformer could not stand in for its twin, % of its rated power (N-1 rule of DL/T 256). */
const strainedPercent = 75;
/** Voltage tolerance below the nominal one (GB/T 12325-2008: −10 % at 0.4 kV), V, and what counts as none, V. */
const weakV = 0.9 * 380;
const deadV = 20;

/** What the state of the cables is read from. */
export interface Grid {
  readonly sections: readonly Section[];
  readonly lines: readonly { readonly feeder: Feeder; readonly effects: FeederEffects }[];
  readonly rooms: readonly Service[];
}

/** Transformers to buses, 10 kV lines into the streets, and their branches to the consumers' distribution rooms. */
export function powerNetworks({ sections, lines, rooms }: Grid): readonly CityNetwork[] {
  const carries = (id: string) => (lines.find(({ feeder }) => feeder.data.id === id)?.feeder.powerMw ?? 0) > 0;
  return [
    {
      ...{ id: 'feeders', name: { zh: '10 kV 线路', en: '10 kV lines' }, trunk: true },
      links: [...sections.map(transformerLink), ...lines.map(feederLink)],
    },
    {
      ...{ id: 'services', name: { zh: '用户进线', en: 'Supplies' }, trunk: false },
      links: rooms.flatMap((room) => serviceLinks(room, carries)),
    },
  ];
}

function transformerLink(section: Section): CityLink {
  const { data, transformer } = section;
  return {
    ...{ id: data.bus.id, from: data.transformer.id, to: data.bus.id },
    now: () =>
      linkNow(transformer.loadMw > 0 ? 1 : 0, {
        dead: !transformer.closed || section.busKv === 0,
        strained: transformer.loadPercent > strainedPercent,
      }),
  };
}

function feederLink(line: Grid['lines'][number]): CityLink {
  const { feeder } = line;
  const { id, bus } = feeder.data;
  return {
    ...{ id, from: bus, to: id },
    now() {
      const live = feeder.closed && feeder.busKv > 0;
      return linkNow(feeder.powerMw > 0 ? 1 : 0, {
        leaking: live && line.effects.displacement > 0,
        // While its load is switched over for work it rests, and its consumers live from the other end.
        dead: !live && !line.effects.transferred,
        weak: feeder.phaseLost,
        strained: Math.max(...feeder.amperes) > strainedShare * ratedA,
      });
    },
  };
}

/** The cable from its own line, and that from a second one where it has one. */
function serviceLinks(room: Service, carries: (feeder: string) => boolean): readonly CityLink[] {
  const { id, feeder, alternative } = room.data;
  const cable = (from: string, isAlternative: boolean): CityLink => ({
    ...{ id: `${from}/${id}`, from, to: id },
    now() {
      const used = room.onAlternative === isAlternative;
      return linkNow(used && room.connected && room.volts > deadV ? 1 : 0, {
        dead: used ? room.volts < deadV : !carries(from),
        weak: used && room.volts < weakV,
      });
    },
  });
  return [cable(feeder, false), ...(alternative === undefined ? [] : [cable(alternative, true)])];
}
