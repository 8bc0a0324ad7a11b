import { defineErrors } from '../core/errors.ts';

export const mqttErrors = defineErrors('MQTT', {
  UNREACHABLE: {
    cause:
      'Nothing answers as an MQTT broker at the address: it is down, the address is wrong, or a firewall is between.',
    retry: true,
    next: 'Check host and port of the sink, that the broker runs, and the firewall (mosquitto_sub -h HOST -p PORT -t x).',
  },
  UNAUTHORISED: {
    cause: 'The broker knows neither the user name nor the password, or the account may not connect.',
    retry: true,
    next: 'Check username and password of the sink, and the account on the broker.',
  },
  REFUSED: {
    cause: 'The broker answered, but does not take this client: protocol version, client id or its own state.',
    retry: true,
    next: 'Look into the log of the broker; it must speak MQTT 3.1.1.',
  },
  TLS: {
    cause: 'The encrypted connection was not set up: the certificate is not trusted, expired or for another name.',
    retry: true,
    next: 'Check the certificate of the broker, its name in the url, and the clock of this machine.',
  },
  LOST: {
    cause: 'The connection to the broker ended.',
    retry: true,
    next: 'Nothing, when it comes back by itself; else check the network and the log of the broker.',
  },
  'NO-ACK': {
    cause: 'The broker keeps the connection, but does not acknowledge what it is sent.',
    retry: true,
    next: 'Look at load, queue limits and access rules of the broker.',
  },
  CONFIRM: {
    cause: 'The sink asks for receipts of the receiver, which this version does not have.',
    retry: false,
    next: 'Set confirm: broker.',
  },
});
