import type { Plc, PlcPoint } from '../city/plant.ts';
import { type Coding, contact, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import type { Controllers } from '../plc/controller.ts';
import type { Service } from './service.ts';

/** Places of an Acrel ADL3000: voltages at 97, currents at 100, powers at 103, all 16-bit and scaled. */
const voltagesAt = 97;
const batteryAt = 200;
const settingsAt = 300;
/** Percent of the span. */
const noise = { electrical: 0.05, battery: 0.05 } as const;
/** Of the consumers behind a distribution room. */
export const servicePowerFactor = 0.92;
const phases = ['a', 'b', 'c'] as const;
const word: Coding = { table: 'holding', type: 'int16', order: 'abcd', scale: 1 };

/** Line current at a load, A: I = P/(√3 U cos φ). */
export function amperesOf(service: Service): number {
  return service.volts > 1 ? (service.loadKw * 1000) / (Math.sqrt(3) * service.volts * servicePowerFactor) : 0;
}

/** The meter of the incoming supply. */
function meterPoints(service: Service): readonly PlcPoint[] {
  const { id } = service.data;
  const phaseV = () => service.volts / Math.sqrt(3);
  const volts = phases.map((phase): readonly [Signal, Partial<Coding>] => {
    const name = { zh: `${phase.toUpperCase()} 相电压`, en: `Voltage of phase ${phase}` };
    return [measured(`u-${phase}`, name, 'V', [0, 300], noise.electrical, phaseV), { scale: 0.1 }];
  });
  const amperes = phases.map((phase): readonly [Signal, Partial<Coding>] => {
    const name = { zh: `${phase.toUpperCase()} 相电流`, en: `Current of phase ${phase}` };
    const read = () => amperesOf(service);
    return [measured(`i-${phase}`, name, 'A', [0, 1500], noise.electrical, read), { scale: 0.1 }];
  });
  const line = { zh: '线电压', en: 'Line voltage' };
  const power = { zh: '有功功率', en: 'Active power' };
  return placed(voltagesAt, word, [
    ...volts,
    ...amperes,
    [
      filling(
        id,
        'power',
        measured('power', power, 'kW', [0, 800], noise.electrical, () => service.loadKw),
      ),
      { scale: 0.1 },
    ],
    [
      filling(
        id,
        'voltage',
        measured('voltage', line, 'V', [0, 500], noise.electrical, () => service.volts),
      ),
      { scale: 0.1 },
    ],
  ]);
}

/** Rectifier and battery of the controllers. */
function batteryPoints(service: Service): readonly PlcPoint[] {
  const { id } = service.data;
  const own = (role: string, zh: string, en: string, unit: string, high: number, read: () => number) =>
    filling(id, role, measured(role, { zh, en }, unit, [0, high], noise.battery, read));
  return placed(batteryAt, word, [
    [own('battery', '蓄电池电压', 'Battery voltage', 'V', 70, () => service.batteryV), { scale: 0.01 }],
    [
      own('resistance', '蓄电池内阻', 'Resistance of a battery block', 'mOhm', 40, () => service.milliohm),
      { scale: 0.01 },
    ],
    [own('charge', '蓄电池荷电', 'Battery charge', '%', 100, () => 100 * service.charge), { scale: 0.1 }],
  ]);
}

function contacts(service: Service): readonly Signal[] {
  const { id, alternative } = service.data;
  const own = (role: string, zh: string, en: string, off: string, on: string, read: () => boolean) =>
    filling(id, role, contact(role, { zh, en }, off, on, read));
  const second = contact(
    'second',
    { zh: '备用进线', en: 'Second feeder' },
    '未用',
    '在用',
    () => service.onAlternative,
  );
  return [
    own('connected', '负荷开关', 'Consumer connected', '分', '合', () => service.connected),
    own('mains', '进线有压', 'Supply present', '失压', '有压', () => service.volts > 266),
    contact('on-battery', { zh: '蓄电池供电', en: 'On battery' }, '否', '是', () => service.onBattery),
    own('breaker', '进线开关', 'Main breaker', '分', '合', () => service.breakerClosed),
    ...(alternative === undefined ? [] : [second]),
  ];
}

/** The monitor of a consumer's distribution room. It lives on the same battery as the consumer's controllers. */
export function servicePlc(service: Service, index: number, controllers: Controllers): Plc {
  const { id, name, restartS } = service.data;
  const controller = controllers.of(`power-${id}`);
  const [heartbeat] = controller.signals();
  const restart = measured('restart', { zh: '来电延时', en: 'Restart delay' }, 's', [0, 600], 0, () => restartS);
  const waiting = measured('waiting', { zh: '延时剩余', en: 'Restart in' }, 's', [0, 600], 0, () => service.waitingS);
  return {
    ...{ id: controller.id, controller },
    utility: 'power',
    protocol: 'modbus-tcp',
    name: { zh: `${name.zh}监控`, en: `${name.en}: monitor` },
    unit: 1 + index,
    points: [
      ...meterPoints(service),
      ...batteryPoints(service),
      ...placed(settingsAt, word, [restart, waiting, [heartbeat, { type: 'uint16' }]]),
      ...placed(0, { table: 'discrete', type: 'bool', order: 'abcd', scale: 1 }, contacts(service)),
    ],
    powered: () => service.controls,
  };
}
