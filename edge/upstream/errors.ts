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
  TOPIC: {
    cause: 'The broker does not let this client publish to a topic, or listen to it.',
    retry: true,
    next: 'Give the account of the sink the right to its topics on the broker (access list).',
  },
});

export const receiptErrors = defineErrors('RECEIPT', {
  NONE: {
    cause:
      'The sink waits for receipts of the receiver (confirm: receiver), and none come: it is down, or answers elsewhere.',
    retry: true,
    next: 'Check that the receiver runs and publishes receipts to <prefix>/<gateway>/receipts; where none does, set confirm: broker.',
  },
  REFUSED: {
    cause: 'The receiver refused an event for good, for the reason that it gives.',
    retry: false,
    next: 'Mend what it gives as the reason, at the receiver or in the mapping; the event is in the journal of the gateway.',
  },
  MALFORMED: {
    cause: 'A message where receipts belong is none: no JSON, too long, or without id and status.',
    retry: false,
    next: 'Look at what the receiver publishes there: {id, receivedAt, status: accepted | duplicate | refused, reason}.',
  },
});
