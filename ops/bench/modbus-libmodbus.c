/*
 * The peer of ops/bench/modbus.ts: client and server by libmodbus, the usual Modbus library in C.
 *
 *   modbus-libmodbus serve                  listens on a free port of the loopback, prints it, serves one client after another
 *   modbus-libmodbus read PORT REGISTERS MS reads for MS milliseconds after a tenth of that as warm-up, prints reads/s
 */
#include <errno.h>
#include <modbus.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static int fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, modbus_strerror(errno));
  return 1;
}

static int serve(void) {
  modbus_mapping_t *map = modbus_mapping_new(0, 0, MODBUS_MAX_READ_REGISTERS, 0);
  if (!map) return fail("registers");
  for (int at = 0; at < MODBUS_MAX_READ_REGISTERS; at++) map->tab_registers[at] = at;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1)) return fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  modbus_t *link = modbus_new_tcp("127.0.0.1", 0);
  for (;;) {
    if (modbus_tcp_accept(link, &listener) < 0) return fail("accept");
    uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
    int bytes;
    while ((bytes = modbus_receive(link, request)) >= 0) {
      if (bytes > 0 && modbus_reply(link, request, bytes, map) < 0) break;
    }
    modbus_close(link);
  }
}

/* Reads for `ms`; the number of reads, or -1. */
static long read_for(modbus_t *link, int registers, double ms) {
  uint16_t into[MODBUS_MAX_READ_REGISTERS];
  double end = now_s() + ms / 1000;
  long reads = 0;
  while (now_s() < end) {
    if (modbus_read_registers(link, 0, registers, into) != registers) return -1;
    if (into[registers - 1] != registers - 1) return -1;
    reads++;
  }
  return reads;
}

static int read_registers(int port, int registers, double ms) {
  modbus_t *link = modbus_new_tcp("127.0.0.1", port);
  modbus_set_slave(link, 1);
  if (modbus_connect(link)) return fail("connect");
  if (read_for(link, registers, ms / 10) < 0) return fail("read");
  double began = now_s();
  long reads = read_for(link, registers, ms);
  if (reads < 0) return fail("read");
  printf("%.1f\n", reads / (now_s() - began));
  modbus_close(link);
  return 0;
}

int main(int count, char **words) {
  if (count == 2 && !strcmp(words[1], "serve")) return serve();
  if (count == 5 && !strcmp(words[1], "read")) return read_registers(atoi(words[2]), atoi(words[3]), atof(words[4]));
  fprintf(stderr, "usage: %s serve | read PORT REGISTERS MS\n", words[0]);
  return 2;
}
