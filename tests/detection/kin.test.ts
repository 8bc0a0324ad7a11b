import { expect, it } from 'vitest';
import { utilitiesOf } from '../../edge/detection/instrument/kin.ts';

it('tells of each tag the utility that it speaks of', () => {
  const definitions = ['cab', 'cab', 'room', 'room', 'rtu'].map((device) => ({ device }));
  const assets = [
    { type: 'plc.controller', roles: { clients: 1 } },
    { type: 'lighting.circuit', roles: { power: 0 } },
    { type: 'power.service', roles: { voltage: 2 } },
  ];
  expect(utilitiesOf(definitions, assets)).toEqual(['lighting', 'plc', 'power', 'power', '']);
});
