#include "feeder.h"

#include <algorithm>

#include "served-channel.h"

namespace pvaflow {

namespace {

constexpr std::chrono::microseconds kShortestPause{50};
constexpr std::chrono::microseconds kLongestPause{2000};

}  // namespace

void Feeder::want(std::shared_ptr<ServedChannel> channel) {
  std::lock_guard<std::mutex> guard(mutex_);
  if (stopped_) return;
  const bool idle = channels_.empty();
  channels_.insert(std::move(channel));
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  if (idle) wake_.notify_one();
}

void Feeder::stop() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    stopped_ = true;
    channels_.clear();
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Feeder::run() {
  auto pause = kShortestPause;
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopped_) {
    if (channels_.empty()) {
      wake_.wait(lock);
      pause = kShortestPause;
      continue;
    }
    wake_.wait_for(lock, pause, [this] { return stopped_; });
    std::set<std::shared_ptr<ServedChannel>> channels;
    channels.swap(channels_);
    lock.unlock();
    size_t moved = 0;
    for (const auto& channel : channels) moved += channel->feed();  // asks for the next look itself
    channels.clear();
    pause = moved > 0 ? kShortestPause : std::min(pause * 2, kLongestPause);
    lock.lock();
  }
}

}  // namespace pvaflow
