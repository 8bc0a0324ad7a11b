import { isSwitch } from '../city/plc-points.ts';
import { isWritable, type PointAttack } from './attack.ts';
import type { Instrument } from './instrument.ts';
import { tamperWith } from './tampering.ts';

/** A step of the staircase, % of the range: below what a rate-of-change alarm of usual setting sees. */
const stairPercent = 0.5;
/** Of its time the staircase takes so much to the top. */
const climbingShare = 0.8;

const isAnalogue = (instrument: Instrument) => isWritable(instrument) && !isSwitch(instrument.point);

/** Attacks that write what no operator wrote: by one who stays, or by one who comes for a write and leaves at the next step. */
export const writeAttacks: Readonly<Record<string, PointAttack>> = {
  'command-write': {
    title: { zh: '非法写入控制命令', en: 'A foreign client writes a command' },
    magnitude: { unit: '% of the range', low: 40, high: 100 },
    ...{ plane: 'plc', level: 'II', alarmWithinS: 300 },
    shows: ['connections', 'clients', 'writes', 'last-writer', 'last-write'],
    befalls: isWritable,
    begin(scene, instrument) {
      const { move, isDue, end } = tamperWith(scene, instrument);
      return {
        step(dtS) {
          scene.client.hold(1);
          if (isDue(dtS)) move(scene.size());
        },
        end,
      };
    },
  },
  'setpoint-shift': {
    title: { zh: '设定值被小幅篡改', en: 'A set-point is shifted a little, and stays so' },
    magnitude: { unit: '% of the range', low: 3, high: 12 },
    ...{ plane: 'plc', level: 'III', alarmWithinS: 1800 },
    shows: ['writes', 'last-writer', 'last-write'],
    befalls: isAnalogue,
    begin(scene, instrument) {
      const { move, end } = tamperWith(scene, instrument);
      let written = 0;
      return {
        step() {
          scene.client.hold(0);
          const size = scene.size();
          if (size !== written) move(size);
          written = size;
        },
        end,
      };
    },
  },
  staircase: {
    title: { zh: '设定值被缓慢分步篡改', en: 'A set-point climbs in steps below every threshold' },
    magnitude: { unit: '% of the range', low: 10, high: 40 },
    ...{ plane: 'plc', level: 'III', alarmWithinS: 7200 },
    shows: ['writes', 'last-writer', 'last-write'],
    befalls: isAnalogue,
    begin(scene, instrument) {
      const { move, end } = tamperWith(scene, instrument);
      let climbed = 0;
      return {
        step() {
          scene.client.hold(0);
          const share = Math.min(1, scene.elapsedS() / (climbingShare * scene.lastsS));
          const stair = Math.floor((share * scene.size()) / stairPercent) * stairPercent;
          if (stair > climbed) move(stair);
          climbed = Math.max(climbed, stair);
        },
        end,
      };
    },
  },
};
