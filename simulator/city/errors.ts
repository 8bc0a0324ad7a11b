import { defineErrors } from '../../edge/core/errors.ts';

export const simulatorErrors = defineErrors('SIM', {
  'PORT-TAKEN': {
    cause: 'Another program listens on the port that a simulated PLC wants.',
    retry: false,
    next: 'Stop that program or choose other ports with --base-port.',
  },
  'NO-PLC': {
    cause: 'A configuration that is examined names an endpoint at which this city has no PLC.',
    retry: false,
    next: 'Give its devices the endpoints that `lifeline sim --list` prints for the same city.',
  },
});
