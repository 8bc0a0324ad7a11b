import { registersOf } from '../../drivers/modbus/registers.ts';
import { type AttackScene, isWritable, type PlcAttack, type PointAttack, sideOf } from './attack.ts';
import type { Instrument } from './instrument.ts';
import { reordered } from './sensor-faults.ts';
import { tamperWith } from './tampering.ts';

/** The intruder listens for so long, s, before he acts and plays back what he has heard. */
const recordedS = 120;
/** Loading a program takes so long, s; the client stays connected for that time. */
const loadingS = 60;

/** What the operators look at: measurements, states and what they can set. Counters and clocks would give a replay away. */
const isShown = ({ point, isNoisy }: Instrument) =>
  point.text === undefined && (isNoisy || point.states !== undefined || point.write !== undefined);

/** Lets the wire say of a value what it said before, over and over, once `recordedS` are over. */
function replay(instrument: Instrument, { elapsedS }: AttackScene): () => void {
  const heard: (readonly [atS: number, raw: number])[] = [];
  return instrument.distort({
    wire(raw) {
      const nowS = elapsedS();
      if (nowS <= recordedS) {
        if (heard.at(-1)?.[0] !== nowS) heard.push([nowS, raw]);
        return raw;
      }
      const place = (nowS - recordedS) % recordedS;
      return (heard.findLast(([atS]) => atS <= place) ?? heard[0])?.[1] ?? raw;
    },
  });
}

/** Attacks on values on their way: into the program, or out to the clients. */
export const valueAttacks: Readonly<Record<string, PointAttack>> = {
  'spoofed-input': {
    title: { zh: 'PLC 输入被伪造', en: 'An input of the PLC is spoofed: its program acts on it' },
    magnitude: { unit: '% of the range', low: 5, high: 25 },
    ...{ plane: 'sensor', level: 'II', alarmWithinS: 900 },
    shows: [],
    befalls: ({ steers, isNoisy }) => steers && isNoisy,
    begin({ random, size }, instrument) {
      const { low, high } = instrument.point;
      const side = sideOf(instrument.point, random);
      const end = instrument.distort({
        program: (seen) => Math.min(high, Math.max(low, seen + side * (size() / 100) * (high - low))),
      });
      return { step: () => undefined, end };
    },
  },
  concealment: {
    title: { zh: '篡改控制并回放旧数据掩盖', en: 'A command is written and old values are played back to hide it' },
    magnitude: { unit: '% of the range', low: 40, high: 100 },
    ...{ plane: 'network', level: 'II', alarmWithinS: 1800 },
    shows: ['connections', 'clients', 'writes', 'last-writer', 'last-write'],
    befalls: (instrument, { instruments }) => isWritable(instrument) && instruments.some(({ isNoisy }) => isNoisy),
    begin(scene, instrument) {
      const { client, instruments, size, elapsedS } = scene;
      const { move, isDue, end } = tamperWith(scene, instrument);
      const ends = instruments.filter(isShown).map((one) => replay(one, scene));
      return {
        step(dtS) {
          client.hold(1);
          if (elapsedS() > recordedS && isDue(dtS)) move(size());
        },
        end() {
          end();
          for (const endReplay of ends) endReplay();
        },
      };
    },
  },
};

const isWide = ({ point, isNoisy }: Instrument) => isNoisy && registersOf(point.type, point.length) === 2;

/** The program that tells the values is changed, not the one that controls. */
export const firmwareAttack: Readonly<Record<string, PlcAttack>> = {
  firmware: {
    title: { zh: '固件被替换，字序颠倒', en: 'Other firmware is loaded: its word order is another' },
    magnitude: { unit: '1', low: 1, high: 1 },
    ...{ plane: 'plc', level: 'III', alarmWithinS: 600 },
    shows: ['connections', 'clients'],
    befalls: ({ plc, instruments }) => plc.protocol === 'modbus-tcp' && instruments.some(isWide),
    begin({ client, instruments, elapsedS }) {
      let ends: readonly (() => void)[] = [];
      return {
        step() {
          const loading = elapsedS() <= loadingS;
          client.hold(loading ? 1 : 0);
          if (loading || ends.length > 0) return;
          ends = instruments.filter(isWide).map((one) => one.distort({ wire: (raw) => reordered(one.point, raw) }));
        },
        end() {
          client.leave();
          for (const end of ends) end();
        },
      };
    },
  },
};
