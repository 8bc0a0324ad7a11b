/*
 * libmodbus as the other side of an interoperability test, line by line on standard input and output:
 *
 *   libmodbus-peer serve            a server on a free port of the loopback; prints the port
 *   libmodbus-peer serve-rtu PATH   the same as unit 1 of a serial line; prints "ready"
 *   libmodbus-peer client PORT      a client; prints "ready"
 *
 * Commands to a client ask the server at the other end, those to a server its own memory:
 *
 *   read coil|discrete|input|holding ADDRESS COUNT    float abcd|badc|cdab|dcba ADDRESS
 *   write coil|holding ADDRESS VALUE                  write-many coil|holding ADDRESS VALUE…
 *
 * The answer is one line: values, "ok", or "exception N". What a server holds at first: see register-map.ts.
 */
#include <errno.h>
#include <modbus.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

enum { places = 64, longest = 256, most_clients = 8 };

static modbus_mapping_t *memory; /* NULL in a client */
static modbus_t *link_;

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, modbus_strerror(errno));
  exit(1);
}

/* Lays a value out by its letters: a is the most significant byte. libmodbus 3.1.6 has setters, but they swap the bytes. */
static void lay(int at, const char *order, uint64_t bits) {
  int bytes = strlen(order);
  for (int place = 0; place < bytes; place++) {
    uint64_t byte = bits >> 8 * (bytes - 1 - (order[place] - 'a')) & 0xff;
    memory->tab_registers[at + place / 2] |= byte << (place % 2 ? 0 : 8);
  }
}

static uint64_t float_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static uint64_t double_bits(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static void fill(void) {
  memory = modbus_mapping_new(places, places, places, places);
  if (!memory) fail("memory");
  for (int at = 0; at < places; at++) {
    memory->tab_bits[at] = at % 3 == 0;
    memory->tab_input_bits[at] = at % 5 == 0;
    memory->tab_input_registers[at] = 1000 + at;
    memory->tab_registers[at] = at < 20 ? 2000 + at : 0;
  }
  lay(20, "abcd", float_bits(1.5f));
  lay(22, "badc", float_bits(-2.25f));
  lay(24, "cdab", float_bits(1234567.5f));
  lay(26, "dcba", float_bits(0.1f));
  lay(28, "cdab", (uint32_t)-123456789);
  lay(30, "abcdefgh", double_bits(-1.0 / 3));
  lay(34, "ghefcdab", 1099511627781);
}

/* The values of a table, from the own memory or from the server; their number, or -1. */
static int fetch(const char *table, int at, int count, uint16_t *into) {
  int bits = !strcmp(table, "coil") || !strcmp(table, "discrete");
  int readable = !strcmp(table, "coil") || !strcmp(table, "holding");
  uint8_t cells[longest];
  int got = count;
  if (memory && bits) memcpy(cells, (readable ? memory->tab_bits : memory->tab_input_bits) + at, count);
  else if (memory) memcpy(into, (readable ? memory->tab_registers : memory->tab_input_registers) + at, 2 * count);
  else if (bits) got = (readable ? modbus_read_bits : modbus_read_input_bits)(link_, at, count, cells);
  else got = (readable ? modbus_read_registers : modbus_read_input_registers)(link_, at, count, into);
  if (bits)
    for (int index = 0; index < count && got > 0; index++) into[index] = cells[index];
  return got;
}

static float float_at(const char *order, int at) {
  uint16_t registers[2];
  if (fetch("holding", at, 2, registers) < 0) return 0;
  if (!strcmp(order, "abcd")) return modbus_get_float_abcd(registers);
  if (!strcmp(order, "badc")) return modbus_get_float_badc(registers);
  if (!strcmp(order, "cdab")) return modbus_get_float_cdab(registers);
  return modbus_get_float_dcba(registers);
}

static int store(const char *verb, const char *table, int at) {
  uint16_t registers[longest];
  uint8_t bits[longest];
  int count = 0;
  for (char *word; count < longest && (word = strtok(NULL, " \n")); count++) {
    registers[count] = atoi(word);
    bits[count] = registers[count];
  }
  int many = !strcmp(verb, "write-many");
  if (!strcmp(table, "coil"))
    return many ? modbus_write_bits(link_, at, count, bits) : modbus_write_bit(link_, at, bits[0]);
  return many ? modbus_write_registers(link_, at, count, registers) : modbus_write_register(link_, at, registers[0]);
}

static void obey(char *line) {
  const char *verb = strtok(line, " \n"), *what = strtok(NULL, " \n"), *where = strtok(NULL, " \n");
  if (!verb || !what || !where) exit(2);
  int at = atoi(where), done = 0;
  uint16_t values[longest];
  if (!strcmp(verb, "float")) printf("%.9g", float_at(what, at));
  else if (!strcmp(verb, "read")) {
    done = fetch(what, at, atoi(strtok(NULL, " \n")), values);
    for (int index = 0; index < done; index++) printf("%s%d", index ? " " : "", values[index]);
  } else if ((done = store(verb, what, at)) >= 0) printf("ok");
  if (done < 0 && errno > MODBUS_ENOBASE) printf("exception %d", errno - MODBUS_ENOBASE);
  else if (done < 0) printf("failed: %s", modbus_strerror(errno));
  printf("\n");
  fflush(stdout);
}

/* One line as it is there; the lines of a test are short and come one at a time. */
static void obey_input(void) {
  char line[4096];
  int bytes = read(STDIN_FILENO, line, sizeof line - 1);
  if (bytes <= 0) exit(0);
  line[bytes] = 0;
  obey(line);
}

/* Serves a request that waits at `from`; 0 when the client has left. */
static int answer(int from) {
  uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
  modbus_set_socket(link_, from);
  int bytes = modbus_receive(link_, request);
  if (bytes < 0) return 0;
  if (bytes > 0) modbus_reply(link_, request, bytes, memory);
  return 1;
}

static void serve(int listener, int line) {
  fd_set open;
  FD_ZERO(&open);
  FD_SET(STDIN_FILENO, &open);
  FD_SET(listener >= 0 ? listener : line, &open);
  for (;;) {
    fd_set ready = open;
    if (select(FD_SETSIZE, &ready, NULL, NULL, NULL) < 0) fail("select");
    for (int from = 0; from < FD_SETSIZE; from++) {
      if (!FD_ISSET(from, &ready)) continue;
      if (from == STDIN_FILENO) obey_input();
      else if (from == listener) {
        int client = accept(listener, NULL, NULL);
        FD_SET(client, &open);
      } else if (!answer(from) && from != line) {
        close(from);
        FD_CLR(from, &open);
      }
    }
  }
}

static void say(const char *word) {
  printf("%s\n", word);
  fflush(stdout);
}

static void serve_tcp(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, most_clients)) fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &size);
  link_ = modbus_new_tcp("127.0.0.1", 0);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  serve(listener, -1);
}

int main(int count, char **words) {
  const char *role = count > 1 ? words[1] : "";
  if (strcmp(role, "client")) fill();
  if (!strcmp(role, "serve")) serve_tcp();
  if (count < 3) return 2;
  link_ = strcmp(role, "client") ? modbus_new_rtu(words[2], 9600, 'N', 8, 1) : modbus_new_tcp("127.0.0.1", atoi(words[2]));
  modbus_set_slave(link_, 1);
  if (modbus_connect(link_)) fail("connect");
  say("ready");
  if (memory) serve(-1, modbus_get_socket(link_));
  for (;;) obey_input();
}
