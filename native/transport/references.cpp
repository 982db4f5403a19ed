#include "references.h"

#ifdef __linux__
// PVXS copies an array into the message, and the system copies the message into the socket. libevent can send from where
// the bytes lie, but PVXS offers no way to ask for it. So the update carries stand-ins (lending.h), and when PVXS hands a
// written message to libevent they are taken out again: what is before one is committed, the array is added by reference,
// what follows goes in after it. PVXS computes the length of the message after that, so its header is right.
#include <atomic>
#include <cstring>
#include <memory>
#include <vector>

#include "chunks.h"
#include "lending.h"
#include "libevent.h"
#include "settings.h"
#include "survey.h"

namespace pvaflow::transport {

namespace {

// The stand-ins of a message must lie in its first piece (chunks.h): room for them, and this for everything else.
constexpr size_t mostStandIns = 8;  // of at most 2 KiB each
static_assert(mostOfTheRest + mostStandIns * (standInElements * 8 + countSize) < largeChunk, "one piece holds a message");

/** libpvxs calls the functions of this folder. False where it was built so that it cannot. */
std::atomic<bool> inPlace{false};

void release(const void*, size_t, void* extra) { delete static_cast<std::shared_ptr<const void>*>(extra); }

bool append(evbuffer* buffer, std::shared_ptr<const void> bytes, size_t length) {
  if (length == 0) return true;
  auto owner = std::make_unique<std::shared_ptr<const void>>(std::move(bytes));
  if (addReference(buffer, owner->get(), length, release, owner.get()) != 0) return false;
  owner.release();
  return true;
}

std::shared_ptr<uint8_t> copyOf(const void* bytes, size_t length) {
  std::shared_ptr<uint8_t> copy(new uint8_t[length], std::default_delete<uint8_t[]>());
  std::memcpy(copy.get(), bytes, length);
  return copy;
}

void swapElements(uint8_t* bytes, size_t length, size_t element) {
  for (size_t at = 0; at < length; at += element) {
    for (size_t low = at, high = at + element - 1; low < high; low++, high--) std::swap(bytes[low], bytes[high]);
  }
}

/** Adds the array behind a stand-in, and writes its number of elements in front, where the stand-in's was. */
bool addArray(evbuffer* buffer, const StandIn& standIn) {
  const size_t element = pvxs::elementSize(standIn.array.original_type());
  const size_t length = standIn.array.size() * element;
  if (!standIn.swapped) return append(buffer, standIn.array.dataPtr(), length);
  auto copy = copyOf(standIn.array.data(), length);
  swapElements(copy.get(), length, element);
  return append(buffer, copy, length);
}

void writeCount(const StandIn& standIn) {
  auto count = static_cast<uint32_t>(standIn.array.size());
  if (standIn.swapped) count = __builtin_bswap32(count);
  std::memcpy(standIn.start - sizeof count, &count, sizeof count);
}

std::vector<StandIn> standInsOf(const iovec& written) {
  std::vector<StandIn> all;
  auto* at = static_cast<uint8_t*>(written.iov_base);
  auto* const end = at + written.iov_len;
  for (auto found = findStandIn(at, end); found.start; found = findStandIn(at, end)) {
    all.push_back(found);
    if (found.broken) break;
    at = found.start + found.size;
  }
  return all;
}

int commitPiece(evbuffer* buffer, iovec* pieces, int count) {
  static auto* const original = next<int(evbuffer*, iovec*, int)>("evbuffer_commit_space");
  return original(buffer, pieces, count);
}

/**
 * Commits what PVXS has written, with the arrays in the place of their stand-ins. What follows an array goes in by
 * reference too: libevent would make the buffer for a copy as large as the array before it.
 */
int commitWithArrays(evbuffer* buffer, const iovec& written) {
  const auto standIns = standInsOf(written);
  if (!standIns.empty() && standIns.back().broken) return -1;  // PVXS then gives up the connection, aloud
  iovec head = written;
  auto* const end = static_cast<uint8_t*>(written.iov_base) + written.iov_len;
  for (const auto& standIn : standIns) writeCount(standIn);
  if (!standIns.empty()) head.iov_len = static_cast<size_t>(standIns[0].start - static_cast<uint8_t*>(head.iov_base));
  if (commitPiece(buffer, &head, 1) != 0) return -1;
  for (size_t i = 0; i < standIns.size(); i++) {
    auto* const from = standIns[i].start + standIns[i].size;
    auto* const to = i + 1 < standIns.size() ? standIns[i + 1].start : end;
    const auto length = static_cast<size_t>(to - from);
    if (!addArray(buffer, standIns[i]) || !append(buffer, copyOf(from, length), length)) return -1;
  }
  return 0;
}

}  // namespace

bool mayLend(size_t bytes) { return bytes >= largeArray && inPlace && Settings::get().references.on; }

void lendArrays(pvxs::Value& update) {
  if (!inPlace || !Settings::get().references.on) return;
  const Survey survey(update);
  if (survey.rest > mostOfTheRest || survey.large.size() > mostStandIns) return;
  for (pvxs::Value field : survey.large) field = lend(field.as<Array>());
}

}  // namespace pvaflow::transport

PVAFLOW_INTERPOSE int evbuffer_commit_space(evbuffer* buffer, iovec* pieces, int count) {
  using namespace pvaflow::transport;
  inPlace = true;
  const int result = count == 1 && anythingLent() ? commitWithArrays(buffer, pieces[0]) : commitPiece(buffer, pieces, count);
  committed(buffer);
  endMessage();
  return result;
}

#else

namespace pvaflow::transport {
bool mayLend(size_t) { return false; }
void lendArrays(pvxs::Value&) {}
bool anythingLent() { return false; }
}  // namespace pvaflow::transport

#endif
