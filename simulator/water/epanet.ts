import { Project, Workspace } from 'epanet-js';

/** Codes of the EPANET 2.3 toolkit that are used here (epanet2_enums.h). */
export const nodeProperty = { emitter: 3, tankLevel: 8, pressure: 11 } as const;
export const linkProperty = { flow: 8, status: 11, setting: 12 } as const;
export const countType = { nodes: 0, links: 2, patterns: 3, controls: 5, rules: 6 } as const;
export const closed = 0;
const initFlow = 10;

/** What is used of the wrapper's project; its own declarations do not resolve under node's module rules. */
export interface Engine {
  open(input: string, report: string, binary: string): void;
  close(): void;
  setStatusReport(level: number): void;
  getCount(type: number): number;
  deleteControl(index: number): void;
  deleteRule(index: number): void;
  getNodeId(index: number): string;
  getLinkId(index: number): string;
  getPatternId(index: number): string;
  setPatternValue(pattern: number, period: number, value: number): void;
  setNodeValue(index: number, property: number, value: number): void;
  setLinkValue(index: number, property: number, value: number): void;
  getNodeValues(property: number): number[];
  getLinkValues(property: number): number[];
  openH(): void;
  initH(flag: number): void;
  runH(): number;
  closeH(): void;
}

/**
 * Loads an engine of its own and opens the network in it, without controls and rules, ready for `runH`.
 * Warnings (negative pressure, a pump that cannot deliver) go to `warn`: the wrapper would print each of them.
 */
export async function openEngine(inp: string, warn: (code: number) => void): Promise<Engine> {
  const workspace = new Workspace();
  await workspace.loadModule();
  const engine: Engine = new Project(workspace);
  Object.assign(engine, {
    _checkError: (code: number) => {
      if (code >= 100) throw new Error(`EPANET error ${code}: ${workspace.getError(code)}`);
      if (code > 0) warn(code);
    },
  });
  workspace.writeFile('city.inp', inp);
  engine.open('city.inp', 'city.rpt', 'city.bin');
  engine.setStatusReport(0);
  while (engine.getCount(countType.controls) > 0) engine.deleteControl(1);
  while (engine.getCount(countType.rules) > 0) engine.deleteRule(1);
  engine.openH();
  engine.initH(initFlow);
  return engine;
}
