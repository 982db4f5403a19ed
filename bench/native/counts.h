#pragma once
#include <cstdint>
#include <cstdio>

/** What a sink saw. Prints one line of JSON: the bench reads it. */
struct Counts {
  uint64_t received = 0;
  int64_t id = 0;

  void frame(int64_t of) {
    if (received > 0 && of == id) return;  // a repeat is no frame
    id = of;
    received++;
  }

  void print() const {
    std::printf("{\"received\":%llu,\"id\":%lld}\n", static_cast<unsigned long long>(received), static_cast<long long>(id));
    std::fflush(stdout);
  }
};
