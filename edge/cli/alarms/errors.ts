import { defineErrors } from '../../core/errors.ts';

/** What keeps a command from speaking with the console of a running gateway. */
export const consoleLinkErrors = defineErrors('LINK', {
  UNREACHABLE: {
    cause: 'Nothing answers at the address of the console.',
    retry: true,
    next: 'Start the gateway with lifeline run, or give the address that it printed at its start with --console.',
  },
  ANSWER: {
    cause: 'What answers at the address is no console of this version.',
    retry: false,
    next: 'Compare the address with the one that the gateway printed at its start, and the versions of both.',
  },
  REFUSED: {
    cause: 'The console refuses what was asked; its own code stands in the message.',
    retry: false,
    next: 'Look the code of the message up in the list of error codes.',
  },
});
