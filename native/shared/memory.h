#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "stand-in.h"

namespace pvaflow::shared {

/**
 * The record option of a pvRequest by which a client tells where it likes to have large arrays. Only a server of ours knows it, and only
 * one that finds that memory uses it.
 */
constexpr char kOffer[] = "shared";

/**
 * Memory of two processes of one user on one machine, in which a server puts the arrays of updates and a client sees them: it is the
 * client's. It has no name in the file system and is gone with the last of the two, however they end. Linux only.
 *
 * A slot is taken by the server, and let go of by the client. Memory that was never used costs nothing.
 */
class Memory {
 public:
  static constexpr size_t kSlots = 1024;
  /** As many bytes of arrays are in it at most. */
  static constexpr size_t kBytes = size_t(256) << 20;

  /** The client's. Null where the system has none to give. */
  static std::shared_ptr<Memory> create();
  /** The server's: what `address` names. Null if that is not a memory that create() made, or not one that this process may see. */
  static std::shared_ptr<Memory> open(const std::string& address);

  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  /** How a server finds it. Whoever has it and is the same user of the same machine can read and write what is in it. */
  std::string address() const;
  const Token& token() const;

  /** The first byte for arrays; kBytes of them. */
  char* bytes() const;
  std::atomic<uint32_t>& slot(size_t index) const;
  /** Takes memory of the system for what will lie there. False if it has none: to write there would end the process. */
  bool reserve(size_t offset, size_t length) const;
  /** Gives what lies there back to the system. */
  void forget(size_t offset, size_t length) const;

 private:
  struct Header;
  Memory(int file, void* mapped) : file_(file), header_(static_cast<Header*>(mapped)) {}
  static std::shared_ptr<Memory> map(int file);

  const int file_;
  Header* const header_;
};

}  // namespace pvaflow::shared
