import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { gateFeed } from '../../simulator/gas/city-gate.ts';
import { ambientPressurePa, massFlowOf } from '../../simulator/gas/gas.ts';
import { LinePack } from '../../simulator/gas/line-pack.ts';
import { gateDesign, mediumPressureNetwork as network } from '../../simulator/gas/network.ts';
import { outletPressure } from '../../simulator/gas/pipe-flow.ts';

const ambient = ambientPressurePa(150);
const kelvin = 278;
const feed = gateFeed(ambient);
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

function withdrawals(flowNm3H: number): Float64Array {
  const out = new Float64Array(network.nodes.length);
  network.nodes.forEach((node, index) => {
    if (node.id.startsWith('r')) out[index] = massFlowOf(flowNm3H);
  });
  return out;
}

describe('line pack of the medium-pressure network', () => {
  it('has at least twelve nodes and a loop', () => {
    expect(network.nodes.length).toBeGreaterThanOrEqual(12);
    expect(network.pipes.length).toBeGreaterThanOrEqual(network.nodes.length);
  });

  it('conserves mass to rounding while demand jumps', () => {
    const net = new LinePack(network, ambient + 0.35e6, kelvin);
    const before = sum(net.massKg);
    let balance = 0;
    for (let second = 0; second < 600; second++) {
      const drawn = withdrawals(second < 200 ? 1_000 : 3_500);
      balance += net.advance(1, drawn, feed, kelvin) - sum(drawn);
    }
    expect(Math.abs(sum(net.massKg) - before - balance)).toBeLessThan(1e-8 * before);
  });

  it('rests where every node balances and the gate feeds what is drawn', () => {
    const net = new LinePack(network, ambient + 0.35e6, kelvin);
    const drawn = withdrawals(2_500);
    net.balance(drawn, feed, kelvin);
    const fed = net.advance(1e7, drawn, feed, kelvin);
    expect(fed / sum(drawn)).toBeCloseTo(1, 6);
    const nets = Float64Array.from(drawn, (flow) => -flow);
    nets[0] = (nets[0] as number) + fed;
    network.pipes.forEach((pipe, index) => {
      nets[pipe.from] = (nets[pipe.from] as number) - (net.flowKgS[index] as number);
      nets[pipe.to] = (nets[pipe.to] as number) + (net.flowKgS[index] as number);
    });
    for (const rest of nets) expect(Math.abs(rest)).toBeLessThan(1e-6);
  });

  it('comes to rest from anywhere, pipes that are nearly at rest included, and stays there', () => {
    const random = seededRandom(1);
    for (let round = 0; round < 200; round++) {
      const net = new LinePack(network, ambient + gateDesign.setPa, 278 + 10 * random.next());
      const share = 10 ** (-3 * random.next());
      const drawn = withdrawals(4_000).map((flow) => flow * share * (0.5 + random.next()));
      net.balance(drawn, feed, kelvin);
      const rest = Float64Array.from(net.pressurePa);
      net.advance(10, drawn, feed, kelvin);
      rest.forEach((pressure, node) => {
        expect(Math.abs((net.pressurePa[node] as number) - pressure), `round ${round}, node ${node}`).toBeLessThan(1);
      });
    }
  });

  it('agrees with the flow law along its only feeder', () => {
    const net = new LinePack(network, ambient + 0.35e6, kelvin);
    net.balance(withdrawals(2_500), feed, kelvin);
    const feeder = network.pipes[0];
    if (!feeder) throw new Error('no feeder');
    const end = outletPressure(feeder, net.pressurePa[0] as number, net.flowKgS[0] as number, kelvin);
    // 4 m of fall are worth some 140 Pa, which the level pipe of outletPressure does not see.
    expect(Math.abs(end - (net.pressurePa[feeder.to] as number))).toBeLessThan(300);
  });

  it('comes to the same pressures in steps of 1 s and of 30 s within 100 Pa', () => {
    const course = (dtS: number) => {
      const net = new LinePack(network, ambient + 0.35e6, kelvin);
      net.balance(withdrawals(1_000), feed, kelvin);
      for (let time = 0; time < 900; time += dtS) net.advance(dtS, withdrawals(3_000), feed, kelvin);
      return net.pressurePa;
    };
    const [fine, coarse] = [course(1), course(30)];
    fine.forEach((pressure, node) => {
      expect(Math.abs(pressure - (coarse[node] as number))).toBeLessThan(100);
    });
  });

  it('feeds customers from its pack for a while when the gate closes', () => {
    const net = new LinePack(network, ambient + 0.35e6, kelvin);
    const drawn = withdrawals(1_000);
    net.balance(drawn, feed, kelvin);
    const closed = () => ({ flow: 0, slope: 0 });
    const before = net.pressurePa[5] as number;
    for (let second = 0; second < 300; second++) net.advance(1, drawn, closed, kelvin);
    const fallen = before - (net.pressurePa[5] as number);
    expect(fallen).toBeGreaterThan(10_000);
    expect(net.pressurePa[5] as number).toBeGreaterThan(ambient + 0.1e6);
  });
});
