import { defineErrors } from '../core/errors.ts';

export const consoleErrors = defineErrors('CONSOLE', {
  'NOT-LOOPBACK': {
    cause: 'The console was told to listen on an address that other machines reach; this version has no accounts yet.',
    retry: false,
    next: 'Use 127.0.0.1 and reach it through an SSH tunnel.',
  },
  'PORT-TAKEN': {
    cause: 'The console port and the 20 after it are all in use.',
    retry: true,
    next: 'Stop the other program or choose another port with --port.',
  },
  LISTEN: {
    cause: 'The operating system refused the console port, for example a port below 1024 without the right to use it.',
    retry: false,
    next: 'Choose a port above 1023.',
  },
  HOST: {
    cause:
      'The request names a host that is not this console; a page elsewhere may be trying to reach it by DNS rebinding.',
    retry: false,
    next: 'Open the console by the address it printed at start.',
  },
  ORIGIN: {
    cause: 'The request comes from a page that is not this console.',
    retry: false,
    next: 'Use the console page itself.',
  },
  ROLE: {
    cause: 'The action needs a higher role than the console of this gateway has.',
    retry: false,
    next: 'Set console.role in gateway.yaml, or use the command line on the gateway.',
  },
  POLICY: {
    cause: 'The route has no policy; nothing is served without one.',
    retry: false,
    next: 'Declare the policy with the route in edge/console/routes.ts.',
  },
  'NOT-FOUND': {
    cause: 'The console has no such page, tag or alarm.',
    retry: false,
    next: 'Reload the page; the gateway may have been given a new configuration.',
  },
  REQUEST: {
    cause: 'The request cannot be read: wrong type, too large, or a field outside its range.',
    retry: false,
    next: 'Compare with the route in edge/console/routes.ts.',
  },
  CLIENTS: {
    cause: 'The greatest number of pages is already connected to the live feed.',
    retry: true,
    next: 'Close a page that is no longer needed.',
  },
  'SLOW-CLIENT': {
    cause: 'A page took the live feed so slowly that its backlog reached the limit; its connection was dropped.',
    retry: true,
    next: 'Nothing: the page connects again by itself. If it repeats, look at the network or the machine of the page.',
  },
  SOURCE: {
    cause: 'The gateway could not answer the console, for example because its store failed.',
    retry: true,
    next: 'See the gateway log for the error behind it.',
  },
});
