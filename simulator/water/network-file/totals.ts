import type { Text } from '../../../edge/core/text.ts';
import { counted, type Signal } from '../../city/plc-points.ts';
import type { NetworkLink } from './model.ts';
import type { NetworkView } from './network-view.ts';

interface Total {
  value: number;
  /** Units per second. */
  rate(): number;
}

/** Counters of volume and energy; they stand still while there is no solution. */
export class Totals {
  private readonly view: NetworkView;
  private readonly totals: Total[] = [];

  constructor(view: NetworkView) {
    this.view = view;
  }

  step(dtS: number): void {
    for (const total of this.totals) {
      const rate = total.rate();
      if (Number.isFinite(rate)) total.value += Math.max(0, rate) * dtS;
    }
  }

  /** Forward volume through links, m³, each with its sign. */
  volume(name: string, text: Text, links: readonly { readonly link: NetworkLink; readonly sign: 1 | -1 }[]): Signal {
    return this.counter(name, text, 'm3', () =>
      links.reduce((sum, { link, sign }) => sum + (sign * this.view.flowLps(link)) / 1000, 0),
    );
  }

  /** Energy of pumps, kWh. */
  energy(name: string, text: Text, pumps: readonly NetworkLink[]): Signal {
    return this.counter(name, text, 'kWh', () => pumps.reduce((sum, pump) => sum + this.view.powerKw(pump), 0) / 3600);
  }

  private counter(name: string, text: Text, unit: string, rate: () => number): Signal {
    const total: Total = { value: 0, rate };
    this.totals.push(total);
    return counted(name, text, unit, 1e10, () => total.value);
  }
}
