import { defineShownErrors } from '../../edge/core/errors.ts';

export const modbusErrors = defineShownErrors('MODBUS', {
  ENDPOINT: {
    cause:
      'The endpoint of a Modbus device is none of tcp://, rtu+tcp://, dtu:// and serial://, or has settings that do not fit.',
    retry: false,
    next: 'Write tcp://10.0.3.17:502, rtu+tcp://10.0.3.17:4001, dtu://0.0.0.0:5020/<registration id> or serial:///dev/ttyS0?baud=9600; the unit id goes into `unit`.',
    nextZh:
      '请写 tcp://10.0.3.17:502、rtu+tcp://10.0.3.17:4001、dtu://0.0.0.0:5020/<注册包标识> 或 serial:///dev/ttyS0?baud=9600；站号写在 unit 中。',
  },
  OPTIONS: {
    cause: 'Keys of a Modbus device contradict each other or its endpoint, or one is not of the form it must have.',
    retry: false,
    next: 'Correct the key that the message names, or leave it out.',
    nextZh: '请修改所指的键，或去掉它。',
  },
  POINT: {
    cause: 'A point cannot exist at this place: address past 65535, a bit of a coil, a wide type in a bit table.',
    retry: false,
    next: 'Correct table, address, bit and type of the point in the point table.',
    nextZh: '请修改点表中该点的寄存器区、地址、位和类型。',
  },
  ADDRESS: {
    cause: 'An address of a point table is none in the notation of its device, or may be meant in another one.',
    retry: false,
    next: 'Set `notation` of the device to how its point table writes addresses: wire, one-based, modicon5 or modicon6.',
    nextZh: '请按点表的地址写法设置设备的 notation：wire、one-based、modicon5 或 modicon6。',
  },
  OVERLAP: {
    cause: 'Two points of one device share registers, and what one of them shows there cannot be a value of its own.',
    retry: false,
    next: 'Compare address and type of both rows with the register map; an address that is off by one is the usual reason.',
    nextZh: '请对照寄存器表核对两行的地址和类型；常见原因是地址差一。',
  },
  DUPLICATE: {
    cause: 'Two points of one device read the same place in the same way.',
    retry: false,
    next: 'Remove one of the rows, or correct its address.',
    nextZh: '请删除其中一行，或修改其地址。',
  },
  WRITE: {
    cause:
      'The point cannot be written by Modbus: a read-only table, a value its type cannot hold, or one bit of a register.',
    retry: false,
    next: 'Write a coil or a whole holding register; allow read-modify-write only where nothing else writes the register.',
    nextZh: '请写线圈或整个保持寄存器；仅当该寄存器没有别的写入方时，才允许先读后写。',
  },
  CONNECT: {
    cause:
      'No connection to the device: refused, unreachable, no answer in time, or a serial port that cannot be opened.',
    retry: true,
    next: 'Check that the device is on, the address and port (or the path of the serial port), the cable, and that no firewall is between.',
    nextZh: '请检查设备是否上电、地址和端口（或串口路径）、电缆，以及中间的防火墙。',
  },
  LISTEN: {
    cause:
      'The port that terminals (DTUs) dial in to cannot be opened: taken by another program, or no such address here.',
    retry: true,
    next: 'Choose a free port above 1023 and an address of this machine (0.0.0.0 for all) in the endpoint.',
    nextZh: '请在 endpoint 中改用 1023 以上的空闲端口和本机地址（0.0.0.0 表示全部）。',
  },
  TERMINAL: {
    cause: 'The terminal (DTU) in front of the device has not dialled in, or registers as somebody else.',
    retry: true,
    next: 'Check power, SIM card, centre address and port of the terminal, and compare its registration packet with the endpoint and `registration`.',
    nextZh: '请检查终端的电源、SIM 卡、中心地址和端口，并将其注册包与 endpoint 和 `registration` 对照。',
  },
  REGISTRATION: {
    cause: 'A terminal (DTU) dialled in and sent no registration that a device is configured for.',
    retry: true,
    next: 'Write its registration id into the endpoint of a device (and `registration` where the packet holds more), or correct the terminal.',
    nextZh: '请把其注册包标识写入某台设备的 endpoint（注册包更长时另写 `registration`），或修改终端。',
  },
  TIMEOUT: {
    cause: 'The device took the request and did not answer in time.',
    retry: true,
    next: 'Check cable, unit id and firewall; raise `timeoutMs` when the device is merely slow.',
    nextZh: '请检查电缆、站号和防火墙；若设备只是慢，可调大 `timeoutMs`。',
  },
  CLOSED: {
    cause: 'The connection ended while requests were open: the device reset or closed it, or it was lost.',
    retry: true,
    next: 'Check whether the device allows one more client, and whether it restarted.',
    nextZh: '请检查设备是否还允许一个客户端，以及它是否重启过。',
  },
  GATEWAY: {
    cause: 'A gateway answers at this address, but the device behind it does not (exceptions 10 and 11).',
    retry: true,
    next: 'Check the unit id, the power of the device, and the serial line behind the gateway.',
    nextZh: '请检查站号、设备电源，以及前置网关后面的串行线路。',
  },
  FRAMING: {
    cause:
      'Bytes came that cannot be a Modbus TCP frame; the place in the stream is lost, so the connection is dropped.',
    retry: true,
    next: 'Check that the port speaks Modbus TCP (for RTU over TCP write rtu+tcp://) and that no other protocol shares it.',
    nextZh: '请确认该端口使用 Modbus TCP（RTU over TCP 写 rtu+tcp://），且没有别的协议共用。',
  },
  MIXED: {
    cause:
      'With several requests in flight an answer came whose transaction id, unit, function or length fits none: the device or a bridge mixes answers up.',
    retry: false,
    next: 'Leave out `maxInFlight` of the devices at this endpoint; `lifeline scan modbus tcp://HOST:PORT/UNIT --in-flight` tells how many requests it bears.',
    nextZh:
      '请去掉该地址上各设备的 `maxInFlight`；`lifeline scan modbus tcp://HOST:PORT/UNIT --in-flight` 可测其能承受的并发请求数。',
  },
  EXCEPTION: {
    cause: 'The device refused the request with a Modbus exception.',
    retry: false,
    next: 'Compare table, address and unit id with the register map of the device.',
    nextZh: '请将寄存器区、地址和站号与设备的寄存器表对照。',
  },
});
