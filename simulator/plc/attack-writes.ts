import { type AttackScene, isSwitch, isWritable, mover, type PointAttack } from './attack.ts';
import type { Instrument } from './instrument.ts';

/** An intruder writes again so often what the operators may have put back, s. */
const againS = 10;
/** A step of the staircase, % of the range: below what a rate-of-change alarm of usual setting sees. */
const stairPercent = 0.5;
/** Of its time the staircase takes so much to the top. */
const climbingShare = 0.8;

const isAnalogue = (instrument: Instrument) => isWritable(instrument) && !isSwitch(instrument.point);
const putBack = ({ point }: Instrument) => {
  const found = point.read();
  return () => point.write?.(found);
};

/** Writes once and leaves at once, as a script does: one request, one connection for a step. */
function visitor({ client }: AttackScene) {
  return {
    write(instrument: Instrument, value: number) {
      client.hold(1);
      client.write(instrument.point, value);
    },
    leave: () => client.hold(0),
  };
}

/** Attacks that write what no operator wrote. */
export const writeAttacks: Readonly<Record<string, PointAttack>> = {
  'command-write': {
    title: { zh: '非法写入控制命令', en: 'A foreign client writes a command' },
    magnitude: { unit: '% of the range', low: 40, high: 100 },
    ...{ plane: 'plc', level: 'II', alarmWithinS: 300 },
    shows: ['connections', 'clients', 'writes', 'last-writer', 'last-write'],
    befalls: isWritable,
    begin(scene, instrument) {
      const { client, random, size } = scene;
      const moved = mover(instrument.point, random);
      const back = putBack(instrument);
      let waitS = 0;
      return {
        step(dtS) {
          client.hold(1);
          waitS -= dtS;
          if (waitS > 0) return;
          waitS = againS;
          client.write(instrument.point, moved(size()));
        },
        end() {
          client.hold(0);
          back();
        },
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
      const moved = mover(instrument.point, scene.random);
      const back = putBack(instrument);
      const { write, leave } = visitor(scene);
      let written = 0;
      return {
        step() {
          leave();
          const size = scene.size();
          if (size !== written) write(instrument, moved(size));
          written = size;
        },
        end() {
          leave();
          back();
        },
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
      const moved = mover(instrument.point, scene.random);
      const back = putBack(instrument);
      const { write, leave } = visitor(scene);
      let climbed = 0;
      return {
        step() {
          leave();
          const share = Math.min(1, scene.elapsedS() / (climbingShare * scene.lastsS));
          const stair = Math.floor((share * scene.size()) / stairPercent) * stairPercent;
          if (stair > climbed) {
            climbed = stair;
            write(instrument, moved(stair));
          }
        },
        end() {
          leave();
          back();
        },
      };
    },
  },
};
