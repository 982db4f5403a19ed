#include "seats.h"

#include <cstdint>

namespace pvaflow {

namespace {

/** A connection that has not subscribed for so long is not about to. */
constexpr std::chrono::seconds kExpected{10};

}  // namespace

size_t Seats::assign() {
  std::lock_guard<std::mutex> guard(mutex_);
  const auto now = Clock::now();
  size_t best = 0, least = SIZE_MAX;
  for (size_t i = 1; i <= loads_.size(); i++) {
    const size_t thread = (last_ + i) % loads_.size();
    Load& load = loads_[thread];
    while (!load.expected.empty() && now - load.expected.front() > kExpected) load.expected.pop_front();
    const size_t total = load.subscriptions + load.expected.size();
    if (total < least) best = thread, least = total;
  }
  loads_[best].expected.push_back(now);
  last_ = best;
  return best;
}

void Seats::take(size_t thread) {
  std::lock_guard<std::mutex> guard(mutex_);
  Load& load = loads_[thread];
  load.subscriptions++;
  if (!load.expected.empty()) load.expected.pop_front();
}

void Seats::leave(size_t thread) {
  std::lock_guard<std::mutex> guard(mutex_);
  loads_[thread].subscriptions--;
}

std::vector<size_t> Seats::subscriptions() const {
  std::lock_guard<std::mutex> guard(mutex_);
  std::vector<size_t> counts;
  for (const Load& load : loads_) counts.push_back(load.subscriptions);
  return counts;
}

}  // namespace pvaflow
