"""pymodbus as the other side of an interoperability test, line by line on standard input and output:

  pymodbus-peer.py serve             a server on a free port of the loopback; prints the port
  pymodbus-peer.py serve-rtu-tcp     the same, with RTU frames in the TCP stream
  pymodbus-peer.py serve-rtu PATH    unit 1 of a serial line; prints "ready"
  pymodbus-peer.py client PORT       a client; prints "ready"

Commands and answers are those of libmodbus-peer.c; a client also knows "identify", which asks for the basic objects of
function 43/14. What a server holds at first: see register-map.ts.
"""
import asyncio
import struct
import sys

from pymodbus.client import ModbusTcpClient
from pymodbus.constants import Endian
from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.framer.rtu_framer import ModbusRtuFramer
from pymodbus.framer.socket_framer import ModbusSocketFramer
from pymodbus.mei_message import ReadDeviceInformationRequest
from pymodbus.payload import BinaryPayloadBuilder, BinaryPayloadDecoder
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer

PLACES = 64
READ_CODES = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}


def orders(order):
    """Byte and word order of a name such as "cdab", as pymodbus wants them."""
    letters = sorted(order)
    bytes_swapped = order.index(letters[0]) % 2 == 1
    words_swapped = order.index(letters[0]) >= 2
    return {
        "byteorder": Endian.Little if bytes_swapped else Endian.Big,
        "wordorder": Endian.Little if words_swapped else Endian.Big,
    }


def memory():
    holding = [2000 + at if at < 20 else 0 for at in range(PLACES)]

    def lay(at, order, add):
        builder = BinaryPayloadBuilder(**orders(order))
        add(builder)
        registers = [struct.unpack("!H", pair)[0] for pair in builder.build()]
        holding[at : at + len(registers)] = registers

    lay(20, "abcd", lambda b: b.add_32bit_float(1.5))
    lay(22, "badc", lambda b: b.add_32bit_float(-2.25))
    lay(24, "cdab", lambda b: b.add_32bit_float(1234567.5))
    lay(26, "dcba", lambda b: b.add_32bit_float(0.1))
    lay(28, "cdab", lambda b: b.add_32bit_int(-123456789))
    lay(30, "abcdefgh", lambda b: b.add_64bit_float(-1.0 / 3))
    lay(34, "ghefcdab", lambda b: b.add_64bit_uint(1099511627781))
    return ModbusSlaveContext(
        co=ModbusSequentialDataBlock(0, [at % 3 == 0 for at in range(PLACES)]),
        di=ModbusSequentialDataBlock(0, [at % 5 == 0 for at in range(PLACES)]),
        ir=ModbusSequentialDataBlock(0, [1000 + at for at in range(PLACES)]),
        hr=ModbusSequentialDataBlock(0, holding),
        zero_mode=True,
    )


def number(registers, order):
    payload = b"".join(struct.pack("!H", register) for register in registers)
    return BinaryPayloadDecoder(payload, **orders(order)).decode_32bit_float()


class Memory:
    """Commands on the own memory."""

    def __init__(self, store):
        self.store = store

    def read(self, table, at, count):
        return self.store.getValues(READ_CODES[table], at, count)


class Client:
    """Commands to the server at the other end. A refusal is an exception of Python too."""

    def __init__(self, port):
        self.link = ModbusTcpClient("127.0.0.1", port=port)
        self.link.connect()

    def read(self, table, at, count):
        calls = {
            "coil": self.link.read_coils,
            "discrete": self.link.read_discrete_inputs,
            "holding": self.link.read_holding_registers,
            "input": self.link.read_input_registers,
        }
        reply = self.checked(calls[table](at, count, slave=1))
        return reply.bits[:count] if table in ("coil", "discrete") else reply.registers

    def write(self, table, at, values, many):
        call = {
            ("coil", False): lambda: self.link.write_coil(at, bool(values[0]), slave=1),
            ("coil", True): lambda: self.link.write_coils(at, [bool(value) for value in values], slave=1),
            ("holding", False): lambda: self.link.write_register(at, values[0], slave=1),
            ("holding", True): lambda: self.link.write_registers(at, values, slave=1),
        }[table, many]
        self.checked(call())

    def identify(self):
        reply = self.checked(self.link.execute(ReadDeviceInformationRequest(1, 0, unit=1)))
        return [f"{key}={value.decode()}" for key, value in reply.information.items()]

    @staticmethod
    def checked(reply):
        if reply.isError():
            raise RuntimeError(f"exception {getattr(reply, 'exception_code', reply)}")
        return reply


def obey(peer, line):
    verb, *words = line.split()
    try:
        if verb == "identify":
            answer = "|".join(peer.identify())
        elif verb == "float":
            answer = f"{number(peer.read('holding', int(words[1]), 2), words[0]):.9g}"
        elif verb == "read":
            answer = " ".join(str(int(value)) for value in peer.read(words[0], int(words[1]), int(words[2])))
        else:
            peer.write(words[0], int(words[1]), [int(word) for word in words[2:]], verb == "write-many")
            answer = "ok"
    except RuntimeError as refused:
        answer = str(refused)
    print(answer, flush=True)


def obey_input(peer):
    for line in sys.stdin:
        obey(peer, line)


async def serve(role, path):
    store = memory()
    context = ModbusServerContext(slaves={1: store}, single=False)
    # ends with its standard input, and so with the test that started it
    talk = asyncio.get_running_loop().run_in_executor(None, obey_input, Memory(store))
    if role == "serve-rtu":
        server = ModbusSerialServer(context, ModbusRtuFramer, port=path, baudrate=9600)
        await server.start()
        print("ready", flush=True)
    else:
        framer = ModbusRtuFramer if role == "serve-rtu-tcp" else ModbusSocketFramer
        server = ModbusTcpServer(context, framer, address=("127.0.0.1", 0))
        serving = asyncio.ensure_future(server.serve_forever())
        await server.serving
        print(server.server.sockets[0].getsockname()[1], flush=True)
        talk.add_done_callback(lambda _: serving.cancel())
    await talk


role, *rest = sys.argv[1:]
if role == "client":
    client = Client(int(rest[0]))
    print("ready", flush=True)
    obey_input(client)
else:
    asyncio.run(serve(role, rest[0] if rest else ""))
