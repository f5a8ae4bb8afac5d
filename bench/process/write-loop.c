// The floor below every server: write() of the same bytes to each of so many sockets, in a loop.
// Arguments: connections, bytes, rounds, ms between rounds. Writes its port, then the CPU time of one round in us.
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static long cpu_us(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

int main(int count, char **given) {
  if (count != 5) return 2;
  int connections = atoi(given[1]), bytes = atoi(given[2]), rounds = atoi(given[3]), pause_ms = atoi(given[4]);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 512) != 0) return 1;
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  int *sockets = malloc(sizeof(int) * (size_t)connections);
  char *frame = malloc((size_t)bytes);
  if (sockets == NULL || frame == NULL) return 1;
  memset(frame, 'x', (size_t)bytes);
  for (int i = 0; i < connections; i++) sockets[i] = accept(listener, NULL, NULL);
  long used = 0;
  for (int round = 0; round < rounds; round++) {
    long before = cpu_us();
    for (int i = 0; i < connections; i++)
      if (write(sockets[i], frame, (size_t)bytes) != bytes) return 1;
    used += cpu_us() - before;
    usleep((useconds_t)pause_ms * 1000);
  }
  printf("%ld\n", used / rounds);
  return 0;
}
