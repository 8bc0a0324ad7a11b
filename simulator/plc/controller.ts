import type { Text } from '../../edge/core/text.ts';
import { contact, measured, type Signal } from '../city/plc-points.ts';
import type { Step } from '../city/step.ts';
import { deviceClock } from './device-clock.ts';
import { visitsTo } from './visits.ts';

/** Who commands a PLC, by the numbers of its mode point. */
export const modes = { remote: 0, local: 1, abandoned: 2 } as const;
type Mode = (typeof modes)[keyof typeof modes];

const dayMs = 86_400_000;

/** The device that runs a PLC's program, apart from the process: its clock, its count of seconds, its mode switch. */
export class Controller {
  readonly id: string;
  /** Whether the switch at its panel stands on local: it obeys the people there and nobody else. */
  local = false;
  /** Whether its gateway was there and is there no more: it goes on by its own settings. */
  abandoned = false;
  /** City time of its last step, ms since epoch. */
  nowMs = 0;
  private readonly clock: (timeMs: number) => number;
  private startedMs = Number.NaN;

  /** @param id the PLC's */
  constructor(id: string) {
    this.id = id;
    this.clock = deviceClock(id);
  }

  step({ timeMs }: Pick<Step, 'timeMs'>): void {
    if (Number.isNaN(this.startedMs)) this.startedMs = timeMs;
    this.nowMs = timeMs;
  }

  /** Begins anew, as after a time without supply. */
  restart(): void {
    this.startedMs = this.nowMs;
    this.abandoned = false;
  }

  get mode(): Mode {
    if (this.local) return modes.local;
    return this.abandoned ? modes.abandoned : modes.remote;
  }

  /** Whether its program takes over what clients write; what is written in any other mode is dropped. */
  get obeys(): boolean {
    return this.mode === modes.remote;
  }

  /** What its own clock shows, ms since epoch; 0 before its first step. */
  get clockMs(): number {
    return Number.isNaN(this.startedMs) ? 0 : this.clock(this.nowMs);
  }

  get uptimeS(): number {
    return Number.isNaN(this.startedMs) ? 0 : (this.nowMs - this.startedMs) / 1000;
  }

  /** A count that goes on each second as long as it runs, and its clock's milliseconds of the day. */
  signals(): readonly [heartbeat: Signal, scanClock: Signal] {
    const beats = () => Math.floor(this.uptimeS) % 65_536;
    return [
      measured('heartbeat', { zh: '心跳计数', en: 'Heartbeat counter' }, '', [0, 65_535], 0, beats),
      measured('scan-clock', { zh: '扫描时钟', en: 'Scan clock' }, 'ms', [0, dayMs], 0, () => this.clockMs % dayMs),
    ];
  }

  /** The contact at a door or cover: open while somebody sees to what is behind it. */
  door(description: Text, name = 'door'): Signal {
    const visited = visitsTo(`${this.id}/${name}`);
    return contact(name, description, '关', '开', () => visited(this.nowMs));
  }

  /** The switch at its panel. */
  remote(): Signal {
    return contact('remote', { zh: '远程控制', en: 'Remote control' }, '就地', '远程', () => !this.local);
  }
}

/** The controllers of a plant's PLCs. */
export class Controllers {
  private readonly all = new Map<string, Controller>();

  /** That of a PLC, the same whenever it is asked for. */
  of(plc: string): Controller {
    const known = this.all.get(plc);
    if (known) return known;
    const controller = new Controller(plc);
    this.all.set(plc, controller);
    return controller;
  }

  step(step: Pick<Step, 'timeMs'>): void {
    for (const controller of this.all.values()) controller.step(step);
  }
}
