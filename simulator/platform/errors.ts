import { defineErrors } from '../../edge/core/errors.ts';

export const platformErrors = defineErrors('PLATFORM', {
  'PORT-TAKEN': {
    cause: 'Another program listens on the port that the broker wants.',
    retry: false,
    next: 'Stop that program, or choose another port; 0 takes any free one.',
  },
  LISTEN: {
    cause: 'The system does not let the broker listen on the address.',
    retry: false,
    next: 'Check the address and, for ports below 1024, the rights of the user.',
  },
  SUBSCRIBE: {
    cause: 'The broker cannot be reached or does not accept the subscription.',
    retry: true,
    next: 'Check that the broker runs at the url.',
  },
});
