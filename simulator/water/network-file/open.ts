import type { LifelineError } from '../../../edge/core/errors.ts';
import {
  countType,
  type Engine,
  EngineError,
  type EngineRoom,
  freshFlows,
  linkProperty,
  loadEngine,
  option,
  removeControls,
  timeParameter,
} from '../epanet.ts';
import { type ControlProgram, readProgram } from './control-program.ts';
import { epanetErrors } from './errors.ts';
import { type NetworkModel, readModel, readTimes } from './model.ts';
import { fileError, problemsIn } from './problems.ts';
import { inEngineOrder, type NetworkFile, type NetworkLine, networkLines, networkText } from './source.ts';

/** Bytes, nodes and links that are simulated at most. */
const limits = { bytes: 32 * 2 ** 20, nodes: 20_000, links: 30_000 } as const;
/** Codes of the toolkit for litres per second, metres of water, pressure-driven demand, and a chemical. */
const litresPerSecond = 5;
const metres = 2;
const pressureDriven = 1;
const chemical = 1;
/** Pressure at which demand is met in full where the file does not say: four floors (GB 50013-2018, 3.0.10), m. */
const requiredM = 20;
/** A file's own trials are too few for pressure-driven demand; more are tried before a step counts as unsettled. */
const leastTrials = 200;
/** After the trials the engine goes on with this many while all statuses stand still, instead of ending its run. */
const extraTrials = 10;
/** The engine's clock counts seconds in 32 bits. */
const endlessS = 2 ** 31 - 1;

/** A user's network in an engine of its own, in SI units, without its controls, which are the PLCs' program now. */
export interface OpenNetwork {
  readonly engine: Engine;
  readonly model: NetworkModel;
  readonly program: ControlProgram;
}

/**
 * Opens an EPANET file: units become L/s and metres of water, demand pressure-driven, controls and rules are read and
 * taken out. LL-EPANET-FILE names every line that the engine refuses, LL-EPANET-SIZE what is too large.
 */
export async function openNetwork(file: NetworkFile, warn: (code: number) => void): Promise<OpenNetwork> {
  if (file.bytes.length > limits.bytes)
    throw epanetErrors.create('SIZE', `${file.name} has ${file.bytes.length} bytes; at most ${limits.bytes}`);
  const text = networkText(file);
  const lines = networkLines(text);
  const room = await loadEngine(warn);
  room.writeFile('network.inp', inEngineOrder(text));
  refuse(room, file.name, lines, () => room.engine.open('network.inp', 'network.rpt', 'network.bin'));
  const { engine } = room;
  engine.setStatusReport(0);
  checkSize(engine, file.name);
  const times = readTimes(engine);
  settle(engine);
  const model = readModel(engine, times);
  const program = readProgram(engine);
  removeControls(engine);
  // Speed patterns are controls too: the engine would set the speed anew at every step.
  for (const { index, speeds } of model.links)
    if (speeds.length > 0) engine.setLinkValue(index, linkProperty.pattern, 0);
  refuse(room, file.name, lines, () => {
    engine.openH();
    engine.initH(freshFlows);
  });
  return { engine, model, program };
}

/** Does what the engine may refuse; its report is written out only when it closes. */
function refuse(room: EngineRoom, name: string, lines: readonly NetworkLine[], act: () => void): void {
  try {
    act();
  } catch (error) {
    throw refusal(room, name, lines, error);
  }
}

function refusal(room: EngineRoom, name: string, lines: readonly NetworkLine[], error: unknown): LifelineError {
  try {
    room.engine.close();
  } catch (closing) {
    // An engine that refused its file is not open, and says so.
    if (!(closing instanceof EngineError)) throw closing;
  }
  return fileError(name, problemsIn(room.readFile('network.rpt'), lines), error);
}

function checkSize(engine: Engine, name: string): void {
  const nodes = engine.getCount(countType.nodes);
  const links = engine.getCount(countType.links);
  if (nodes <= limits.nodes && links <= limits.links) return;
  const allowed = `at most ${limits.nodes} and ${limits.links} are simulated`;
  throw epanetErrors.create('SIZE', `${name} has ${nodes} nodes and ${links} links; ${allowed}`);
}

/** Sets what every network is run with; the engine converts all that it has read, controls and rules included. */
function settle(engine: Engine): void {
  engine.setFlowUnits(litresPerSecond);
  engine.setOption(option.pressureUnits, metres);
  if (engine.getDemandModel().type !== pressureDriven) engine.setDemandModel(pressureDriven, 0, requiredM, 0.5);
  engine.setOption(option.trials, Math.max(leastTrials, engine.getOption(option.trials)));
  engine.setOption(option.unbalanced, extraTrials);
  if (engine.getQualityInfo().qualType !== chemical) engine.setQualityType(0, '', '', '');
  engine.setTimeParameter(timeParameter.duration, endlessS);
  engine.setTimeParameter(timeParameter.reportStart, endlessS);
  engine.setTimeParameter(timeParameter.reportStep, endlessS);
}
