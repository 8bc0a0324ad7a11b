import type { Random } from '../../edge/core/random.ts';
import type { AttackScene, PlcAttack } from './attack.ts';
import { isWritable, mover } from './attack.ts';

/** Unit ids and function codes that a scan goes through (Application Protocol 1.1b3, clause 4.1; user codes included). */
const [lastUnit, lastFunction] = [247, 127];
/** Functions that write: a scan only listens. */
const writing: ReadonlySet<number> = new Set([5, 6, 15, 16, 21, 22, 23]);

/** How many of so many a second fall into a step; what is left over counts for the next. */
function pace() {
  let left = 0;
  return (perSecond: number, dtS: number) => {
    left += perSecond * dtS;
    const due = Math.floor(left);
    left -= due;
    return due;
  };
}

/** Any function that only reads, if a PLC has it. */
function readingFunction(random: Random): number {
  let code = 0;
  while (code === 0 || writing.has(code)) code = random.integer(1, lastFunction);
  return code;
}

/** Reads so many points a second, in turn. */
function reading({ client, plc }: AttackScene) {
  const due = pace();
  let next = 0;
  return (perSecond: number, dtS: number) => {
    for (let left = due(perSecond, dtS); left > 0; left--) {
      const point = plc.points[next++ % plc.points.length];
      if (point) client.read(point);
    }
  };
}

/** Attacks and sessions that show only in what a PLC tells of its clients. */
export const clientAttacks: Readonly<Record<string, PlcAttack>> = {
  'second-master': {
    title: { zh: '非法主站接入轮询', en: 'A second master polls the PLC' },
    magnitude: { unit: 'requests/s', low: 1, high: 20 },
    ...{ plane: 'network', level: 'III', alarmWithinS: 600 },
    shows: ['connections', 'clients', 'requests'],
    begin(scene) {
      const read = reading(scene);
      return {
        step(dtS) {
          scene.client.hold(1);
          read(scene.size(), dtS);
        },
        end: () => scene.client.leave(),
      };
    },
  },
  scan: {
    title: { zh: '站号与功能码扫描', en: 'Unit ids and function codes are scanned' },
    magnitude: { unit: 'requests/s', low: 2, high: 50 },
    ...{ plane: 'network', level: 'III', alarmWithinS: 600 },
    shows: ['connections', 'clients', 'requests', 'exceptions'],
    begin({ client, random, size }) {
      const due = pace();
      let unit = 0;
      return {
        step(dtS) {
          client.hold(1);
          for (let left = due(size(), dtS); left > 0; left--) {
            unit = (unit % lastUnit) + 1;
            client.probe(unit, readingFunction(random), random.integer(0, 65_535));
          }
        },
        end: () => client.leave(),
      };
    },
  },
  exhaustion: {
    title: { zh: '连接数被占满', en: 'All connections of the PLC are taken' },
    magnitude: { unit: 'attempts/s', low: 1, high: 10 },
    ...{ plane: 'network', level: 'III', alarmWithinS: 600 },
    shows: ['connections', 'clients', 'refused'],
    begin({ client, size }) {
      const due = pace();
      return { step: (dtS) => client.grasp(due(size(), dtS)), end: () => client.leave() };
    },
  },
};

/** Lawful sessions; no alarm must come of them. */
export const lawfulSessions: Readonly<Record<string, PlcAttack>> = {
  'local-control': {
    title: { zh: '就地控制', en: 'Somebody at the panel has switched the PLC to local' },
    magnitude: { unit: '', low: 1, high: 1 },
    ...{ plane: 'plc', level: 'IV', alarmWithinS: 3600, decoy: true },
    shows: ['mode'],
    begin({ self: { controller } }) {
      controller.local = true;
      return {
        step: () => undefined,
        end() {
          controller.local = false;
        },
      };
    },
  },
  'engineer-session': {
    title: { zh: '工程师检修会话', en: 'An engineer works at the PLC, its key on maintenance' },
    magnitude: { unit: '% of the range', low: 0, high: 1 },
    ...{ plane: 'plc', level: 'IV', alarmWithinS: 3600, decoy: true },
    shows: ['maintenance', 'connections', 'clients', 'writes'],
    begin(scene) {
      const { client, instruments, random, self } = scene;
      const writable = instruments.filter(isWritable).filter(({ point }) => point.states === undefined);
      const tuned = writable[random.integer(0, Math.max(0, writable.length - 1))]?.point;
      const found = tuned?.read() ?? 0;
      const moved = tuned && mover(tuned, random);
      const read = reading(scene);
      let written = false;
      const atS = scene.lastsS / 2;
      self.maintenance = true;
      return {
        step(dtS) {
          client.hold(1);
          read(1, dtS);
          if (written || !tuned || !moved || scene.elapsedS() < atS) return;
          written = true;
          client.write(tuned, moved(scene.size()));
        },
        end() {
          if (written && tuned) client.write(tuned, found);
          client.leave(() => {
            self.maintenance = false;
          });
        },
      };
    },
  },
};
