import type { Text } from '../../edge/core/text.ts';

/** What people call the utilities of the city, and what else befalls them, by the first word of a kind. */
export const utilityNames: Readonly<Record<string, Text>> = {
  water: { zh: '供水', en: 'Water' },
  heating: { zh: '供热', en: 'Heating' },
  gas: { zh: '燃气', en: 'Gas' },
  gallery: { zh: '管廊', en: 'Pipe gallery' },
  lighting: { zh: '照明', en: 'Lighting' },
  power: { zh: '电力', en: 'Power' },
  drainage: { zh: '排水', en: 'Drainage' },
  plc: { zh: 'PLC', en: 'PLCs' },
  sensor: { zh: '仪表', en: 'Instruments' },
  attack: { zh: '网络攻击', en: 'Attacks' },
  maintenance: { zh: '检修', en: 'Maintenance' },
};

/** Its name, or the word itself where it has none. */
export const utilityName = (utility: string): Text => utilityNames[utility] ?? { zh: utility, en: utility };
