import type { Order } from './control-program.ts';
import type { NetworkLink } from './model.ts';
import type { NetworkRun } from './network-run.ts';

/**
 * A pump, a valve or a gate that a PLC works: what it was told last and what it does. In automatic mode it takes the
 * orders of the program, else those of the operator; a fault keeps it shut whatever it is told.
 */
export class WorkedLink {
  readonly link: NetworkLink;
  /** Takes the program's orders; an operator may switch it off. */
  auto = true;
  /** Tripped or jammed by a happening: shut until it is over. */
  fault = false;
  /** A worn pump gives the head of this share of its speed (affinity law); 1 for a sound one. */
  health = 1;
  /** `active`: a control valve that keeps its setting; pumps and gates are open or closed. */
  status: 'open' | 'closed' | 'active';
  setting: number;
  hours = 0;
  starts = 0;
  private sentStatus: string | undefined;

  constructor(link: NetworkLink) {
    this.link = link;
    const keepsSetting = link.kind !== 'pipe' && link.kind !== 'pump' && link.kind !== 'gpv';
    const passing = keepsSetting ? 'active' : 'open';
    this.status = link.open ? passing : 'closed';
    this.setting = link.kind === 'pump' && link.setting === 0 ? 1 : link.setting;
  }

  /** Whether water may pass: a pump runs, a valve or gate is not shut. */
  get passing(): boolean {
    return !this.fault && this.status !== 'closed' && !(this.link.kind === 'pump' && this.setting === 0);
  }

  /** An order of the program; without effect in manual mode. */
  follow(order: Order): void {
    if (this.auto) this.obey(order);
  }

  /** An order of whoever has the say. */
  obey(order: Order): void {
    if (order.kind !== 'setting') {
      this.status = order.kind;
      if (order.kind === 'open' && this.link.kind === 'pump' && this.setting === 0) this.setting = 1;
      return;
    }
    this.setting = order.value;
    const pump = this.link.kind === 'pump';
    if (this.link.kind === 'pipe') this.status = order.value > 0 ? 'open' : 'closed';
    else this.status = pump ? (order.value > 0 ? 'open' : 'closed') : 'active';
  }

  /** Counts running time and passes what has changed on to the network. */
  step(dtS: number, run: NetworkRun): void {
    if (this.passing) this.hours += dtS / 3600;
    const speaks = this.link.kind === 'pump' || this.status === 'active';
    const status = `${this.passing ? this.status : 'closed'} ${speaks ? this.setting * this.health : ''}`;
    if (status === this.sentStatus) return;
    if (this.sentStatus?.startsWith('closed') && this.passing) this.starts++;
    this.sentStatus = status;
    if (!this.passing) run.order(this.link.index, { kind: 'closed' });
    else if (speaks) run.order(this.link.index, { kind: 'setting', value: this.setting * this.health });
    else run.order(this.link.index, { kind: 'open' });
  }
}
