import { countType, type Engine, type EngineAction, type EnginePremise } from '../epanet.ts';

/** What a program orders a link to do; a setting is a pump's speed, or a valve's pressure (m), flow (L/s) or loss. */
export type Order =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'active' }
  | { readonly kind: 'setting'; readonly value: number };

/** What a program reads, in m and L/s; nodes and links by the engine's index. */
export interface ProgramInputs {
  /** Time since the beginning of the file's run, and when the program was evaluated before, s. */
  readonly runS: number;
  readonly previousRunS: number;
  /** Time of the day now and before, s. */
  readonly clockS: number;
  readonly previousClockS: number;
  headM(node: number): number;
  /** Level of a tank, pressure of any other node. */
  gradeM(node: number): number;
  demandLps(node: number): number;
  totalDemandLps(): number;
  /** Time in which a tank fills up or runs empty at its present flow, s; infinite when it does not. */
  fillS(tank: number): number;
  drainS(tank: number): number;
  flowLps(link: number): number;
  status(link: number): 'open' | 'closed' | 'active';
  setting(link: number): number;
}

interface Action {
  readonly link: number;
  readonly order: Order;
}

/** A simple control. */
interface Control {
  readonly action: Action;
  holds(inputs: ProgramInputs): boolean;
}

interface Premise {
  readonly join: 'and' | 'or';
  holds(inputs: ProgramInputs): boolean;
}

interface Rule {
  readonly priority: number;
  readonly premises: readonly Premise[];
  readonly thenActions: readonly Action[];
  readonly elseActions: readonly Action[];
}

/** The controls and rules of a file, as the PLCs run them. */
export interface ControlProgram {
  readonly controls: readonly Control[];
  readonly rules: readonly Rule[];
  /** Indexes of the links that it acts on. */
  readonly links: ReadonlySet<number>;
}

/** The toolkit writes a status as this setting in controls, and a setting that is not given as its negative. */
const openSetting = 1e10;
const openStatus = 1;
const closedStatus = 2;
const activeStatus = 3;
/** Differences below this are none (EPANET compares the premises of rules so). */
const tolerance = 1e-3;

const positions = (count: number) => Array.from({ length: count }, (_, position) => position + 1);

/** Reads controls and rules of the open network, whose values the engine has converted to m, L/s and s. */
export function readProgram(engine: Engine): ControlProgram {
  const controls = positions(engine.getCount(countType.controls)).map((index) => readControl(engine, index));
  const rules = positions(engine.getCount(countType.rules)).map((index) => readRule(engine, index));
  const actions = [
    ...controls.map(({ action }) => action),
    ...rules.flatMap(({ thenActions, elseActions }) => [...thenActions, ...elseActions]),
  ];
  return { controls, rules, links: new Set(actions.map(({ link }) => link)) };
}

/**
 * Orders of one evaluation by link. Simple controls act in the order of the file, each as long as its condition holds;
 * rules come after them, of two for the same link the one of higher priority, then the one that stands first.
 */
export function evaluate(program: ControlProgram, inputs: ProgramInputs): ReadonlyMap<number, Order> {
  const orders = new Map<number, Order>();
  for (const { action, holds } of program.controls) if (holds(inputs)) orders.set(action.link, action.order);
  const ruled = new Map<number, number>();
  for (const rule of program.rules) {
    for (const { link, order } of fulfilled(rule, inputs) ? rule.thenActions : rule.elseActions) {
      if ((ruled.get(link) ?? Number.NEGATIVE_INFINITY) >= rule.priority) continue;
      ruled.set(link, rule.priority);
      orders.set(link, order);
    }
  }
  return orders;
}

/** A chain of premises as EPANET reads it: OR mends what failed just before it, AND ends the chain when something failed. */
function fulfilled(rule: Rule, inputs: ProgramInputs): boolean {
  let result = true;
  for (const { join, holds } of rule.premises) {
    if (join === 'or') result ||= holds(inputs);
    else if (!result) return false;
    else result = holds(inputs);
  }
  return result;
}

function readControl(engine: Engine, index: number): Control {
  const { type, linkIndex, setting, nodeIndex, level } = engine.getControl(index);
  const action = { link: linkIndex, order: orderOfSetting(setting) };
  const conditions: readonly ((inputs: ProgramInputs) => boolean)[] = [
    (inputs) => inputs.gradeM(nodeIndex) <= level,
    (inputs) => inputs.gradeM(nodeIndex) >= level,
    (inputs) => passed(level, inputs.previousRunS, inputs.runS),
    (inputs) => passed(level, inputs.previousClockS, inputs.clockS),
  ];
  return { action, holds: conditions[type] ?? (() => false) };
}

/** Whether a clock has gone over a moment; one that shows less than before has begun anew. */
const passed = (moment: number, before: number, now: number): boolean =>
  before <= now ? before < moment && moment <= now : moment > before || moment <= now;

const orderOfSetting = (setting: number): Order => {
  if (setting >= openSetting) return { kind: 'open' };
  if (setting <= -openSetting) return { kind: 'closed' };
  return { kind: 'setting', value: setting };
};

function readRule(engine: Engine, rule: number): Rule {
  const { premiseCount, thenActionCount, elseActionCount, priority } = engine.getRule(rule);
  return {
    priority,
    premises: positions(premiseCount).map((index) => readPremise(engine.getPremise(rule, index))),
    thenActions: positions(thenActionCount).map((index) => readAction(engine.getThenAction(rule, index))),
    elseActions: positions(elseActionCount).map((index) => readAction(engine.getElseAction(rule, index))),
  };
}

function readAction({ linkIndex, status, setting }: EngineAction): Action {
  const named: Readonly<Record<number, Order>> = {
    [openStatus]: { kind: 'open' },
    [closedStatus]: { kind: 'closed' },
    [activeStatus]: { kind: 'active' },
  };
  return { link: linkIndex, order: named[status] ?? { kind: 'setting', value: setting } };
}

/** Quantities of premises in the toolkit's order, but for a link's status: demand, head, grade, level, pressure, flow … */
const quantities: readonly (((inputs: ProgramInputs, index: number) => number) | undefined)[] = [
  (inputs, node) => (node > 0 ? inputs.demandLps(node) : inputs.totalDemandLps()),
  (inputs, node) => inputs.headM(node),
  (inputs, node) => inputs.headM(node),
  (inputs, node) => inputs.gradeM(node),
  (inputs, node) => inputs.gradeM(node),
  (inputs, link) => Math.abs(inputs.flowLps(link)),
  undefined,
  (inputs, link) => inputs.setting(link),
  undefined,
  (inputs) => inputs.runS,
  (inputs) => inputs.clockS,
  (inputs, tank) => inputs.fillS(tank),
  (inputs, tank) => inputs.drainS(tank),
];
const statusVariable = 6;
const timeVariables: Readonly<Record<number, (inputs: ProgramInputs) => readonly [before: number, now: number]>> = {
  9: (inputs) => [inputs.previousRunS, inputs.runS],
  10: (inputs) => [inputs.previousClockS, inputs.clockS],
};
/** Comparisons in the toolkit's order: = ≠ ≤ ≥ < > IS NOT BELOW ABOVE. */
const comparisons: readonly ((a: number, b: number) => boolean)[] = [
  (a, b) => Math.abs(a - b) <= tolerance,
  (a, b) => Math.abs(a - b) > tolerance,
  (a, b) => a <= b,
  (a, b) => a >= b,
  (a, b) => a < b,
  (a, b) => a > b,
  (a, b) => Math.abs(a - b) <= tolerance,
  (a, b) => Math.abs(a - b) > tolerance,
  (a, b) => a < b,
  (a, b) => a > b,
];
const equalities: readonly number[] = [0, 6];
const inequalities: readonly number[] = [1, 7];

function readPremise({ logop, objIndex, variable, relop, status, value }: EnginePremise): Premise {
  const join = logop === 3 ? 'or' : 'and';
  const clock = timeVariables[variable];
  if (variable === statusVariable) {
    const names = { [openStatus]: 'open', [closedStatus]: 'closed', [activeStatus]: 'active' } as const;
    const wanted = names[status as keyof typeof names];
    const is = (inputs: ProgramInputs) => inputs.status(objIndex) === wanted;
    return { join, holds: inequalities.includes(relop) ? (inputs) => !is(inputs) : is };
  }
  // A moment is met by the scan that goes over it: no scan falls exactly on it.
  if (clock && equalities.includes(relop)) return { join, holds: (inputs) => passed(value, ...clock(inputs)) };
  const quantity = quantities[variable];
  const compare = comparisons[relop];
  return {
    join,
    holds: (inputs) => quantity !== undefined && compare?.(quantity(inputs, objIndex), value) === true,
  };
}
