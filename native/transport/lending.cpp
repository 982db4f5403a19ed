#ifdef __linux__
// A stand-in is recognised by a pattern drawn at random when the process starts, followed by its number. Both are written
// as groups of eight equal bytes, so that they read the same after PVXS has swapped elements of any size.
#include "lending.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <random>
#include <unordered_map>
#include <vector>

#include "references.h"

namespace pvaflow::transport {

namespace {

constexpr size_t group = 8;
using Pattern = std::array<uint8_t, 8 * group>;

Pattern spread(uint64_t number) {
  Pattern pattern;
  for (size_t i = 0; i < pattern.size(); i++) pattern[i] = static_cast<uint8_t>(number >> (i / group * 8));
  return pattern;
}

uint64_t gather(const uint8_t* pattern) {
  uint64_t number = 0;
  for (size_t i = 0; i < 8; i++) number |= static_cast<uint64_t>(pattern[i * group]) << (i * 8);
  return number;
}

const Pattern& mark() {
  static const Pattern pattern = [] {
    std::random_device random;
    return spread(static_cast<uint64_t>(random()) << 32 | random());
  }();
  return pattern;
}

struct Loan {
  uint64_t number;
  Array array;
  std::unique_ptr<uint8_t[]> bytes;
};

/**
 * All loans. PVXS may drop an update before the message made of it is complete, and another thread may hold the last
 * reference to it: a loan that is dropped is forgotten only when every message begun before has ended.
 */
class Registry {
 public:
  void add(Loan* loan) {
    const std::lock_guard<std::mutex> guard(mutex_);
    loan->number = ++numbers_;
    loans_[loan->number] = loan;
    count_.store(loans_.size());
  }

  void drop(Loan* loan) {
    const std::lock_guard<std::mutex> guard(mutex_);
    dropped_.push_back({++clock_, loan});
    forget();
  }

  uint64_t begin() {
    const std::lock_guard<std::mutex> guard(mutex_);
    messages_.push_back(++clock_);
    return clock_;
  }

  void end(uint64_t message) {
    const std::lock_guard<std::mutex> guard(mutex_);
    messages_.erase(std::remove(messages_.begin(), messages_.end(), message), messages_.end());
    forget();
  }

  Array find(uint64_t number) {
    const std::lock_guard<std::mutex> guard(mutex_);
    const auto found = loans_.find(number);
    return found == loans_.end() ? Array() : found->second->array;
  }

  bool any() const { return count_.load() > 0; }

 private:
  struct Dropped {
    uint64_t when;
    Loan* loan;
  };

  void forget() {
    const uint64_t oldest = messages_.empty() ? UINT64_MAX : messages_.front();
    size_t done = 0;
    for (; done < dropped_.size() && dropped_[done].when < oldest; done++) {
      loans_.erase(dropped_[done].loan->number);
      delete dropped_[done].loan;
    }
    dropped_.erase(dropped_.begin(), dropped_.begin() + static_cast<std::ptrdiff_t>(done));
    count_.store(loans_.size());
  }

  std::mutex mutex_;
  std::unordered_map<uint64_t, Loan*> loans_;
  std::vector<uint64_t> messages_;  // begun and not ended, oldest first
  std::vector<Dropped> dropped_;    // oldest first
  uint64_t clock_ = 0;
  uint64_t numbers_ = 0;
  std::atomic<size_t> count_{0};
};

/** Never destroyed: threads of PVXS may outlive static objects. */
Registry& registry() {
  static auto* const all = new Registry;
  return *all;
}

/** The message that this thread is writing. */
struct Message {
  uint64_t number = 0;
  void end() {
    if (number) registry().end(number);
    number = 0;
  }
  ~Message() { end(); }
};
thread_local Message message;

}  // namespace

bool anythingLent() { return registry().any(); }

void beginMessage() {
  message.end();
  if (anythingLent()) message.number = registry().begin();
}

void endMessage() { message.end(); }

Array lend(Array array) {
  const auto type = array.original_type();
  const size_t size = standInElements * pvxs::elementSize(type);
  auto loan = std::make_unique<Loan>();
  loan->array = std::move(array);
  loan->bytes = std::make_unique<uint8_t[]>(size);
  registry().add(loan.get());
  const Pattern number = spread(loan->number);
  std::memcpy(loan->bytes.get(), mark().data(), mark().size());
  std::memcpy(loan->bytes.get() + mark().size(), number.data(), number.size());
  const void* bytes = loan->bytes.get();
  return Array(bytes, [loan = loan.release()](const void*) { registry().drop(loan); }, standInElements, type);
}

StandIn findStandIn(uint8_t* begin, uint8_t* end) {
  StandIn found;
  const auto length = static_cast<size_t>(end - begin);
  found.start = static_cast<uint8_t*>(memmem(begin, length, mark().data(), mark().size()));
  if (!found.start) return found;
  found.broken = true;
  const size_t left = static_cast<size_t>(end - found.start);
  if (left < 2 * mark().size() || static_cast<size_t>(found.start - begin) < countSize) return found;
  found.array = registry().find(gather(found.start + mark().size()));
  if (found.array.empty()) return found;
  found.size = standInElements * pvxs::elementSize(found.array.original_type());
  uint32_t count;
  std::memcpy(&count, found.start - sizeof count, sizeof count);
  found.swapped = count == __builtin_bswap32(standInElements);
  found.broken = left < found.size || found.start[-static_cast<int>(countSize)] != 0xfe ||
                 (count != standInElements && !found.swapped);
  return found;
}

}  // namespace pvaflow::transport
#endif
