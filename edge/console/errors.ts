import { defineErrors } from '../core/errors.ts';

export const consoleErrors = defineErrors('CONSOLE', {
  'NO-OWNER': {
    cause:
      'The console was told to listen on an address that other machines reach, and there is no owner yet who may sign in.',
    retry: false,
    next: 'Run lifeline users add NAME --role owner --data DIR on the gateway, or take console.host out and make the owner over loopback.',
  },
  CERTIFICATE: {
    cause: 'The certificate or the key of the console cannot be read, or they do not belong together.',
    retry: false,
    next: 'Check the files that console.tls names: PEM, the certificate first and its chain after it.',
  },
  'CERTIFICATE-ENDS': {
    cause: 'The certificate of the console ends within 30 days, or has ended.',
    retry: false,
    next: 'Bring a new one on the page Set-up, Certificates; where console.tls names files, lay it there and restart. The own one is made anew at the next start.',
  },
  'CERTIFICATE-REFUSED': {
    cause: 'The certificate that was brought cannot be the one of the console.',
    retry: false,
    next: 'Bring certificate and key in PEM, the key without a passphrase, valid now and for a name or an address of the console; where console.tls names files, lay them there.',
    nextZh:
      '请提供 PEM 格式的证书与私钥：私钥不带口令，证书在有效期内，且包含控制台的名称或地址；console.tls 指定了文件时，请替换那些文件。',
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
  'SIGN-IN': {
    cause: 'Nobody is signed in, or the time of the sign-in or of the token is over.',
    retry: false,
    next: 'Sign in, or send a valid token.',
  },
  CREDENTIALS: {
    cause: 'There is no account of that name with that password.',
    retry: false,
    next: 'Try again; an owner can give the account another password.',
  },
  TRIES: {
    cause: 'Too many tries to sign in with this name or from this address, or too many at a time.',
    retry: true,
    next: 'Wait a minute; after 20 failures in a row with one name a quarter of an hour.',
  },
  PASSWORD: {
    cause: 'The password is too easy to guess.',
    retry: false,
    next: 'Take 12 to 128 characters, at least 6 different ones, without the name and without what everybody takes.',
  },
  ACCOUNT: {
    cause: 'The name cannot be taken, is in use already, or a token would be valid for too long.',
    retry: false,
    next: 'Choose another name, or a shorter time.',
  },
  'LAST-OWNER': {
    cause: 'The change would leave nobody who is owner.',
    retry: false,
    next: 'Make somebody else owner first.',
  },
  'SET-UP': {
    cause: 'There is an owner already, or the token for making one is not that of this start of the gateway.',
    retry: false,
    next: 'Take the link that the log of the gateway showed last, or sign in.',
  },
  ACCOUNTS: {
    cause: 'The file of accounts in the data folder cannot be used, so nobody is let in.',
    retry: true,
    next: 'See the message: chmod 600 the file, mend its disk, or put a good copy back.',
  },
  ROLE: {
    cause: 'The action needs a higher role than the caller has.',
    retry: false,
    next: 'Ask an owner for the role, or set console.role in gateway.yaml where there are no accounts yet.',
  },
  POLICY: {
    cause: 'The route has no policy; nothing is served without one.',
    retry: false,
    next: 'Declare the policy with the route, where it stands in edge/console.',
  },
  'NOT-FOUND': {
    cause: 'The console has no such page, tag or alarm.',
    retry: false,
    next: 'Reload the page; the gateway may have been given a new configuration.',
  },
  REQUEST: {
    cause: 'The request cannot be read: wrong type, too large, or a field outside its range.',
    retry: false,
    next: 'Compare with the description of the route in ops/docs/reference.',
  },
  CONFLICT: {
    cause: 'The configuration was changed by somebody else after it was read, so the change would undo theirs unseen.',
    retry: false,
    next: 'Look at the difference, take over what is theirs, and apply again.',
  },
  'NO-DEVICE': {
    cause: 'Nothing that speaks the protocol answers at the address.',
    retry: true,
    next: 'Check address, port, unit id, cable and firewall; of an OPC UA server also user and password, and whether each trusts the certificate of the other.',
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
