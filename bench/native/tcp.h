#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

/** What stands before each frame: as long as what NTNDArray brings besides its pixels. */
struct FrameHeader {
  int64_t id = 0;
  uint64_t size = 0;
  uint8_t rest[84] = {};
};

inline void check(bool ok, const char* what) {
  if (ok) return;
  std::perror(what);
  std::exit(1);
}

inline sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}
