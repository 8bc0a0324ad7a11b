import type { LoadedGateway } from '../../config/load.ts';
import { packAssetOf } from '../../core/pack.ts';
import type { Text } from '../../core/text.ts';
import { unitSign } from '../../core/unit-sign.ts';

/** One telling figure per utility: the first asset of the type that has the role. */
const figures: readonly { readonly type: string; readonly role: string }[] = [
  { type: 'water.district', role: 'inflow' },
  { type: 'water.tank', role: 'level' },
  { type: 'heating.plant', role: 'supply-temperature' },
  { type: 'gas.city-gate', role: 'flow' },
  { type: 'gallery.compartment', role: 'oxygen' },
  { type: 'lighting.circuit', role: 'power' },
];

/** Remembers the newest value of a few tags from the messages that reached the subscriber, and puts them in a line. */
export class LiveValues {
  private readonly wanted = new Map<string, { readonly label: Text; readonly unit: string }>();
  private readonly values = new Map<string, number>();

  constructor(gateway: LoadedGateway) {
    for (const { type, role } of figures) {
      const asset = gateway.assets.find((candidate) => candidate.type === type && role in candidate.roles);
      const tag = asset?.roles[role];
      if (!asset || tag === undefined) continue;
      const roleName = packAssetOf(gateway.packs, type)?.roles[role]?.name;
      const label = { zh: `${asset.id} ${roleName?.zh ?? role}`, en: `${asset.id} ${roleName?.en ?? role}` };
      this.wanted.set(gateway.tags.at(tag).name, { label, unit: unitSign(gateway.tags.at(tag).unit) });
    }
  }

  /** Takes a data message: values by tag name `device/point`, or by point name with the device given. */
  take(device: string, values: Readonly<Record<string, readonly [number | null, string]>>): void {
    for (const [tag, [value]] of Object.entries(values)) {
      const name = tag.includes('/') ? tag : `${device}/${tag}`;
      if (value !== null && this.wanted.has(name)) this.values.set(name, value);
    }
  }

  /** The line; empty before the first value. */
  text(): Text {
    const parts = [...this.wanted].flatMap(([name, { label, unit }]) => {
      const value = this.values.get(name);
      return value === undefined ? [] : [{ label, value: `${Number(value.toPrecision(4))} ${unit}`.trim() }];
    });
    const join = (language: keyof Text) => parts.map(({ label, value }) => `${label[language]} ${value}`).join(' · ');
    return { zh: join('zh'), en: join('en') };
  }
}
