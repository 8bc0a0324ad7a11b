import type { PlaceMatrix } from '../../../edge/detection/place/matrix.ts';
import { countType, type Engine, nodeProperty, option } from '../../../simulator/water/epanet.ts';
import { nominalHeadM } from '../../../simulator/water/leaks.ts';
import { type OpenNetwork, openNetwork } from '../../../simulator/water/network-file/open.ts';
import type { Survey, SurveyedNetwork } from '../../../simulator/water/survey.ts';
import { type LeakingNetwork, matrixOf } from './leak-matrix.ts';
import { SolvedGauges } from './solved-gauges.ts';

/** From a quiet night to the largest hour of a summer's day (domain reference 1.1). */
const loads = [0.35, 1, 1.8] as const;
/** Sizes of leaks, L/s at 30 m of head, each two and a half times the one before: what is between is nearly linear. */
const leaksLs = [2, 5, 12.5, 31, 78] as const;
/** As the head loss in streets moves with demand: 0.1 m, kPa. */
const driftKpa = 1;
/**
 * A calibrated network model meets 95 % of measured heads within 7.5 % of the loss (WRc, Network analysis – a code of
 * practice, 1989): half of that is a standard deviation; as much again for demand that is drawn elsewhere than the model has it.
 */
const modelError = 0.055;
/** A network of more junctions has every second, third … of them as candidate. */
const mostCandidates = 1500;

/**
 * The matrix of a water network. Demand is pressure-driven, leaks are orifices at junctions, pumps and valves stand as the
 * file has them. Coded errors LL-EPANET-… for a file that cannot be opened.
 */
export async function waterMatrix(
  network: SurveyedNetwork,
  onProgress: (share: number) => void = () => undefined,
): Promise<PlaceMatrix> {
  const warnings: number[] = [];
  const opened = await openNetwork(network.file, (code) => warnings.push(code));
  try {
    flattenPatterns(opened.engine);
    return matrixOf(leakingWater(network.file.name, opened, network.survey(opened), warnings), onProgress);
  } finally {
    opened.engine.closeH();
    opened.engine.close();
  }
}

/** Every pattern at its mean: the loads say how demand moves. */
function flattenPatterns(engine: Engine): void {
  for (let pattern = 1; pattern <= engine.getCount(countType.patterns); pattern++) {
    const mean = engine.getAveragePatternValue(pattern);
    for (let period = 1; period <= engine.getPatternLength(pattern); period++)
      engine.setPatternValue(pattern, period, mean);
  }
}

function leakingWater(name: string, opened: OpenNetwork, survey: Survey, warnings: number[]): LeakingNetwork {
  const { engine, model } = opened;
  const solved = new SolvedGauges(opened, survey.gauges, warnings);
  const junctions = model.nodes.filter(({ kind }) => kind === 'junction');
  const every = Math.ceil(junctions.length / mostCandidates);
  const nodes = junctions.filter((_, index) => index % every === 0);
  const own = nodes.map(({ index }) => engine.getNodeValue(index, nodeProperty.emitter));
  const multiplier = engine.getOption(option.demandMultiplier);
  const exponent = engine.getOption(option.emitterExponent);
  return {
    ...{ name, gauges: survey.gauges, loads, leaksLs, driftKpa, modelError },
    candidates: nodes.map((node) => {
      const ends = model.links.filter(({ from, to }) => from === node.index || to === node.index);
      const lengthM = Number((ends.reduce((sum, link) => sum + link.lengthM, 0) / 2).toFixed(1));
      return { id: node.id, location: survey.locationOf(node), lengthM };
    }),
    show(load, leak) {
      engine.setOption(option.demandMultiplier, multiplier * load);
      const node = nodes[leak?.candidate ?? -1];
      if (!node || !leak) return solved.solve();
      const opening = own[leak.candidate] as number;
      const emitter = (leaksLs[leak.size] as number) / nominalHeadM ** exponent;
      engine.setNodeValue(node.index, nodeProperty.emitter, opening + emitter);
      const shown = solved.solve();
      engine.setNodeValue(node.index, nodeProperty.emitter, opening);
      return shown;
    },
  };
}
