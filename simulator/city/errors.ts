import { defineErrors } from '../../edge/core/errors.ts';

export const simulatorErrors = defineErrors('SIM', {
  'PORT-TAKEN': {
    cause: 'Another program listens on the port that a simulated PLC wants.',
    retry: false,
    next: 'Stop that program or choose other ports with --base-port.',
  },
});
