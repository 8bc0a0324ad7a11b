import { expect, it } from 'vitest';
import { utilitiesOf } from '../../edge/detection/instrument/kin.ts';

it('tells of each tag the utility that it speaks of', () => {
  const definitions = ['cab', 'cab', 'room', 'room', 'rtu'].map((device) => ({ device }));
  const assets = [
    { id: 'cab', type: 'plc.controller', roles: { clients: 1 } },
    { id: 'circuit-1', type: 'lighting.circuit', roles: { power: 0 } },
    { id: 'supply-1', type: 'power.service', roles: { voltage: 2 } },
  ];
  expect(utilitiesOf(definitions, assets)).toEqual(['lighting', 'plc', 'power', 'power', '']);
});
