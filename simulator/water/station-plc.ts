import type { Plc } from '../city/plant.ts';
import { type Coding, contact, counted, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import type { Controller, Controllers } from '../plc/controller.ts';
import { tankAreaM2 } from './network.ts';
import { m3hFromLps, mpaFromM, type StationState } from './state.ts';

const nominalHz = 50;
/** Vibration that a pump gains per share of head lost to wear, mm/s (design choice: 10 % more than doubles it). */
const wearMmS = 28;
const float: Coding = { table: 'holding', type: 'float32', order: 'abcd', scale: 1 };
const bit: Coding = { table: 'discrete', type: 'bool', order: 'abcd', scale: 1 };
const tenths: Coding = { table: 'holding', type: 'int16', order: 'abcd', scale: 0.1 };
const count: Coding = { table: 'holding', type: 'uint32', order: 'abcd', scale: 1 };

const of = (role: string, signal: Signal) => filling('ps-1', role, signal);
const ofTank = (role: string, signal: Signal) => filling('tank-1', role, signal);

function bits(state: StationState, controller: Controller): Signal[] {
  const { pumps } = state.control;
  const runs = pumps.map((pump, index) =>
    of(
      `${pump.id}-run`,
      contact(
        `p${index + 1}-run`,
        { zh: `${index + 1}号泵运行`, en: `Pump ${index + 1} runs` },
        '停',
        '运行',
        () => pump.running,
      ),
    ),
  );
  const faults = pumps.map((pump, index) =>
    of(
      `${pump.id}-fault`,
      contact(
        `p${index + 1}-fault`,
        { zh: `${index + 1}号泵故障`, en: `Pump ${index + 1} fault` },
        '正常',
        '故障',
        () => pump.fault,
      ),
    ),
  );
  return [
    ...runs,
    ...faults,
    contact('auto', { zh: '自动方式', en: 'Automatic mode' }, '手动', '自动', () => true),
    controller.remote(),
    controller.door({ zh: '站房门', en: 'Door' }),
    contact('mains', { zh: '市电', en: 'Mains supply' }, '失电', '有电', () => state.supply > 0),
  ];
}

/** Registers 2…: pressures, flow, total, tank (map in the style of an S7 data block, domain reference 3). */
function head(state: StationState): (Signal | readonly [Signal, Partial<Coding>])[] {
  return [
    of(
      'suction-pressure',
      measured('p-in', { zh: '吸水压力', en: 'Suction pressure' }, 'MPa', [0, 0.25], 0.1, () =>
        mpaFromM(state.suctionM),
      ),
    ),
    of(
      'discharge-pressure',
      measured('p-out', { zh: '出站压力', en: 'Discharge pressure' }, 'MPa', [0, 1], 0.06, () =>
        mpaFromM(state.dischargeM),
      ),
    ),
    of(
      'flow',
      measured('flow', { zh: '出站流量', en: 'Station flow' }, 'm3/h', [0, 2500], 0.06, () =>
        m3hFromLps(state.flowLps),
      ),
    ),
    [counted('total', { zh: '累计流量', en: 'Total volume' }, 'm3', 1e10, () => state.totalM3), count],
    ofTank(
      'level',
      measured('tank-level', { zh: '水池液位', en: 'Tank level' }, 'm', [0, 10], 0.04, () => state.tankLevelM),
    ),
  ];
}

function pumpRegisters(state: StationState, index: number): Signal[] {
  const pump = state.control.pumps[index];
  if (!pump) throw new RangeError(`no pump ${index}`);
  const kw = () => state.pumpKw[index] ?? 0;
  const name = (suffix: string) => `p${index + 1}-${suffix}`;
  const label = (zh: string, en: string) => ({ zh: `${index + 1}号泵${zh}`, en: `Pump ${index + 1} ${en}` });
  const amperes = () => (kw() * 1000) / (Math.sqrt(3) * 380 * 0.95);
  return [
    of(
      `${pump.id}-speed`,
      measured(name('hz'), label('频率', 'frequency'), 'Hz', [0, 60], 0.01, () => pump.speed * nominalHz),
    ),
    measured(name('a'), label('电流', 'current'), 'A', [0, 250], 0.1, amperes),
    measured(name('kw'), label('功率', 'power'), 'kW', [0, 150], 0.1, kw),
    counted(name('hours'), label('运行时间', 'running hours'), 'h', 1e6, () => pump.hours),
  ];
}

function energyAndQuality(state: StationState): (Signal | readonly [Signal, Partial<Coding>])[] {
  const wells = { zh: '清水池液位', en: 'Clear well level' };
  return [
    ofTank(
      'flow',
      measured('tank-flow', { zh: '水池流量', en: 'Tank flow' }, 'm3/h', [-1500, 1500], 0.03, () =>
        m3hFromLps(state.tankLps),
      ),
    ),
    of(
      'power',
      measured('power', { zh: '总功率', en: 'Power' }, 'kW', [0, 450], 0.08, () =>
        state.pumpKw.reduce((sum, kw) => sum + kw, 0),
      ),
    ),
    of(
      'chlorine',
      measured('chlorine', { zh: '出站余氯', en: 'Free chlorine' }, 'mg/L', [0, 5], 0.2, () => state.chlorineMgL),
    ),
    measured('turbidity', { zh: '出站浊度', en: 'Turbidity' }, 'NTU', [0, 10], 0.05, () => state.turbidityNtu),
    measured('water-temp', { zh: '水温', en: 'Water temperature' }, 'Cel', [-5, 45], 0.1, () => state.waterC),
    measured('well-level', wells, 'm', [0, 6], 0.05, () => 3.4 - state.flowLps / 2000 - state.wellDipM),
    [
      counted('energy', { zh: '累计电量', en: 'Energy' }, 'kWh', 1e9, () => state.energyKwh),
      { type: 'float64', order: 'abcdefgh' },
    ],
    measured(
      'tank-volume',
      { zh: '水池水量', en: 'Tank volume' },
      'm3',
      [0, 8000],
      0,
      () => tankAreaM2 * state.tankLevelM,
    ),
  ];
}

/** Registers 56…: scaled integers. */
function machines(state: StationState): (Signal | readonly [Signal, Partial<Coding>])[] {
  const { pumps } = state.control;
  const label = (index: number, zh: string, en: string) => ({
    zh: `${index + 1}号泵${zh}`,
    en: `Pump ${index + 1} ${en}`,
  });
  const whole = { type: 'uint16', scale: 1 } as const;
  return [
    ...pumps.map(
      (pump, index) =>
        [
          counted(`p${index + 1}-starts`, label(index, '启动次数', 'starts'), '', 1e6, () => pump.starts),
          whole,
        ] as const,
    ),
    [
      measured('pumps-running', { zh: '运行台数', en: 'Pumps running' }, '', [0, 3], 0, () => state.control.running),
      whole,
    ],
    ...pumps.map((pump, index) =>
      measured(
        `p${index + 1}-winding`,
        label(index, '绕组温度', 'winding temperature'),
        'Cel',
        [-20, 180],
        0.1,
        () => pump.windingC,
      ),
    ),
    ...pumps.map(
      (pump, index) =>
        [
          of(
            `${pump.id}-vibration`,
            measured(`p${index + 1}-vibration`, label(index, '振动', 'vibration'), 'mm/s', [0, 20], 0.3, () =>
              pump.speed > 0 ? 0.6 + 1.4 * pump.speed ** 2 + wearMmS * pump.wear : 0.1,
            ),
          ),
          { scale: 0.01 },
        ] as const,
    ),
    measured(
      'outdoor-temp',
      { zh: '室外温度', en: 'Outdoor temperature' },
      'Cel',
      [-50, 60],
      0.1,
      () => state.outdoorC,
    ),
  ];
}

/** PLC of pump station and tank: big-endian floats, one writable set-point. */
export function stationPlc(state: StationState, controllers: Controllers): Plc {
  const { control } = state;
  const setpoint = {
    ...ofTank(
      'setpoint',
      measured('p-set', { zh: '出站压力设定', en: 'Discharge set-point' }, 'MPa', [0.38, 0.52], 0, () =>
        mpaFromM(control.baseSetpointM),
      ),
    ),
    write: (mpa: number) => {
      control.baseSetpointM = mpa / mpaFromM(1);
    },
  };
  const active = ofTank(
    'setpoint-active',
    measured('p-set-active', { zh: '当前设定值', en: 'Active set-point' }, 'MPa', [0, 1], 0, () =>
      mpaFromM(control.setpointM),
    ),
  );
  const controller = controllers.of('water-ps-1');
  const [heartbeat, scanClock] = controller.signals();
  return {
    ...{ id: controller.id, controller },
    utility: 'water',
    protocol: 'modbus-tcp',
    name: { zh: '一号泵站控制器', en: 'Pump station 1 controller' },
    unit: 1,
    points: [
      ...placed(0, bit, bits(state, controller)),
      ...placed(2, float, head(state)),
      ...control.pumps.flatMap((_, index) => placed(12 + 8 * index, float, pumpRegisters(state, index))),
      ...placed(36, float, energyAndQuality(state)),
      ...placed(56, tenths, machines(state)),
      ...placed(100, float, [setpoint]),
      ...placed(102, { ...float, type: 'uint16' }, [heartbeat]),
      ...placed(104, count, [scanClock]),
      ...placed(106, float, [active]),
    ],
  };
}
