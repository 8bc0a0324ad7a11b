import type { Text } from '../../edge/core/text.ts';

/** Ventilation of a cabin in air changes per hour by mode (GB 50838-2015 7.2: 2 and 6, gas cabin 6 and 12). */
interface Ventilation {
  readonly low: number;
  readonly normal: number;
  readonly emergency: number;
}

/** One fire compartment: geometry, contents and equipment. Pure data. */
export interface ZoneDesign {
  readonly id: string;
  /** The PLC of its gallery. */
  readonly plc: string;
  readonly name: Text;
  readonly grid: string;
  readonly place: readonly [number, number];
  /** `gas`: gas main alone; `combined`: power cables, telecom, water and heat pipes. */
  readonly cabin: 'combined' | 'gas';
  readonly lengthM: number;
  readonly widthM: number;
  readonly heightM: number;
  readonly ventilation: Ventilation;
  /** Current that one fan takes at full speed, A. */
  readonly fanRatedA: number;
  /** Ground water that seeps in during dry weather, m³/h. */
  readonly seepageM3H: number;
  readonly sumpStartM: number;
  /** Gas that fittings always lose, m³/h. */
  readonly fittingsM3H: number;
  /** Depth of the cabin's axis below the street, m. */
  readonly depthM: number;
  /** Cables and pipes laid here, as a share of the cabin's usual set. */
  readonly loadShare: number;
  /** H2S given off by the sump, mg/s. */
  readonly h2sMgS: number;
}

type Own = Pick<
  ZoneDesign,
  'cabin' | 'lengthM' | 'depthM' | 'loadShare' | 'seepageM3H' | 'sumpStartM' | 'fittingsM3H' | 'h2sMgS'
>;

/** A gallery under one street, with its PLC. */
export interface GalleryDesign {
  readonly plc: string;
  readonly street: Text;
}

function zone(number: number, gallery: GalleryDesign, place: readonly [number, number], own: Own): ZoneDesign {
  const gas = own.cabin === 'gas';
  const { plc, street } = gallery;
  return {
    id: `zone-${number}`,
    plc,
    name: {
      zh: `${street.zh}${gas ? '燃气舱' : '综合舱'}${number}号防火分区`,
      en: `${street.en} ${gas ? 'gas' : 'combined'} cabin, compartment ${number}`,
    },
    grid: `230103005${String(50 + number).padStart(3, '0')}`,
    place,
    widthM: 2.8,
    heightM: 3,
    ventilation: gas ? { low: 2, normal: 6, emergency: 12 } : { low: 2, normal: 2, emergency: 6 },
    fanRatedA: gas ? 11.4 : 7.6,
    ...own,
  };
}

const haxi: GalleryDesign = { plc: 'gallery-plc-1', street: { zh: '哈西大街', en: 'Haxi Avenue' } };
const xuefu: GalleryDesign = { plc: 'gallery-plc-2', street: { zh: '学府路', en: 'Xuefu Road' } };

export const galleries: readonly GalleryDesign[] = [haxi, xuefu];

/**
 * Galleries under two streets, each with a combined cabin of three compartments and a gas cabin of three, side by side.
 * Within a cabin the compartments are listed in ventilation direction.
 */
export const zoneDesigns: readonly ZoneDesign[] = [
  zone(1, haxi, [126.655, 45.7355], {
    cabin: 'combined',
    lengthM: 200,
    depthM: 4.5,
    loadShare: 1,
    seepageM3H: 0.06,
    sumpStartM: 0.42,
    fittingsM3H: 0,
    h2sMgS: 0.05,
  }),
  zone(2, haxi, [126.6572, 45.737], {
    cabin: 'combined',
    lengthM: 195,
    depthM: 5.2,
    loadShare: 0.85,
    seepageM3H: 0.09,
    sumpStartM: 0.55,
    fittingsM3H: 0,
    h2sMgS: 0.08,
  }),
  zone(3, haxi, [126.6594, 45.7385], {
    cabin: 'combined',
    lengthM: 180,
    depthM: 4.1,
    loadShare: 1.2,
    seepageM3H: 0.04,
    sumpStartM: 0.36,
    fittingsM3H: 0,
    h2sMgS: 0.04,
  }),
  zone(4, haxi, [126.6556, 45.7348], {
    cabin: 'gas',
    lengthM: 200,
    depthM: 4.4,
    loadShare: 0,
    seepageM3H: 0.03,
    sumpStartM: 0.5,
    fittingsM3H: 0.15,
    h2sMgS: 0.02,
  }),
  zone(5, haxi, [126.6578, 45.7363], {
    cabin: 'gas',
    lengthM: 200,
    depthM: 4.9,
    loadShare: 0,
    seepageM3H: 0.05,
    sumpStartM: 0.4,
    fittingsM3H: 0.2,
    h2sMgS: 0.03,
  }),
  zone(6, haxi, [126.66, 45.7378], {
    cabin: 'gas',
    lengthM: 190,
    depthM: 4.0,
    loadShare: 0,
    seepageM3H: 0.04,
    sumpStartM: 0.45,
    fittingsM3H: 0.1,
    h2sMgS: 0.02,
  }),
  zone(7, xuefu, [126.6209, 45.7301], {
    cabin: 'combined',
    lengthM: 190,
    depthM: 4.8,
    loadShare: 0.9,
    seepageM3H: 0.07,
    sumpStartM: 0.47,
    fittingsM3H: 0,
    h2sMgS: 0.06,
  }),
  zone(8, xuefu, [126.6188, 45.7279], {
    cabin: 'combined',
    lengthM: 200,
    depthM: 5.5,
    loadShare: 1.1,
    seepageM3H: 0.1,
    sumpStartM: 0.6,
    fittingsM3H: 0,
    h2sMgS: 0.07,
  }),
  zone(9, xuefu, [126.6166, 45.7257], {
    cabin: 'combined',
    lengthM: 185,
    depthM: 4.3,
    loadShare: 0.8,
    seepageM3H: 0.05,
    sumpStartM: 0.4,
    fittingsM3H: 0,
    h2sMgS: 0.05,
  }),
  zone(10, xuefu, [126.6215, 45.7294], {
    cabin: 'gas',
    lengthM: 195,
    depthM: 4.6,
    loadShare: 0,
    seepageM3H: 0.04,
    sumpStartM: 0.45,
    fittingsM3H: 0.12,
    h2sMgS: 0.02,
  }),
  zone(11, xuefu, [126.6194, 45.7272], {
    cabin: 'gas',
    lengthM: 200,
    depthM: 5.2,
    loadShare: 0,
    seepageM3H: 0.06,
    sumpStartM: 0.55,
    fittingsM3H: 0.18,
    h2sMgS: 0.03,
  }),
  zone(12, xuefu, [126.6172, 45.725], {
    cabin: 'gas',
    lengthM: 180,
    depthM: 4.1,
    loadShare: 0,
    seepageM3H: 0.03,
    sumpStartM: 0.38,
    fittingsM3H: 0.14,
    h2sMgS: 0.02,
  }),
];

export const volumeOf = (design: ZoneDesign): number => design.lengthM * design.widthM * design.heightM;
/** Walls, floor and ceiling, m². */
export const surfaceOf = (design: ZoneDesign): number => 2 * (design.widthM + design.heightM) * design.lengthM;

/** Whether air flows from one compartment into another as both are listed. */
export const sameCabin = (one: ZoneDesign, other: ZoneDesign | undefined): boolean =>
  one.cabin === other?.cabin && one.plc === other.plc;

/** Indexes of the compartments that share a fire wall with this one. */
export function neighboursOf(index: number): readonly number[] {
  const own = zoneDesigns[index];
  return own ? [index - 1, index + 1].filter((other) => sameCabin(own, zoneDesigns[other])) : [];
}
