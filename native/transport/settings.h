#pragma once
#include <array>
#include <atomic>
#include <string>

namespace pvaflow::transport {

/** A remedy, by name. */
struct Setting {
  const char* name;
  std::atomic<bool> on;
};

/**
 * The remedies against what slows PVXS down on Linux (docs/decisions/0005-transport-remedies.md), each with its switch.
 * They are of the process, not of one client or server. All are on at first; the environment variable PVAFLOW_TRANSPORT
 * names those wanted (`stock` for none, or a list such as `writes,chunks`). A change of `writes` and `reads` holds for
 * connections made after it, that of `shared` for subscriptions, the others' at once; `heap` stays once it was on.
 */
class Settings {
 public:
  Setting writes{"writes", {}};          // writes.cpp: as much in one system call as the socket takes
  Setting chunks{"chunks", {}};          // chunks.cpp: messages are built in 16-64 KiB pieces instead of 1 KiB ones
  Setting heap{"heap", {}};              // heap.cpp: memory of frames is used again instead of given back to the system
  Setting reads{"reads", {}};            // reads.cpp: large reads, and no wake-up for a sliver of a large message
  Setting references{"references", {}};  // references.cpp: large arrays are sent from where they are
  Setting shared{"shared", {}};          // native/shared: large arrays for a client on this machine go through shared memory

  std::array<Setting*, 6> all{&writes, &chunks, &heap, &reads, &references, &shared};

  static Settings& get();

 private:
  Settings();
};

/** The remedies exist on this system. */
constexpr bool available =
#ifdef __linux__
    true;
#else
    false;
#endif

}  // namespace pvaflow::transport
