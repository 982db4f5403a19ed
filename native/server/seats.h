#pragma once
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace pvaflow {

/**
 * How much the threads of a server have to do: which subscriptions each feeds, and which connections it was given that have
 * not subscribed yet. Any thread.
 */
class Seats {
 public:
  /** A subscription's place with a thread, until it is destroyed. */
  class Taken {
   public:
    Taken(std::shared_ptr<Seats> seats, size_t thread) : seats_(std::move(seats)), thread_(thread) { seats_->take(thread_); }
    Taken(const Taken&) = delete;
    Taken& operator=(const Taken&) = delete;
    ~Taken() { seats_->leave(thread_); }

   private:
    const std::shared_ptr<Seats> seats_;
    const size_t thread_;
  };

  explicit Seats(size_t threads) : loads_(threads) {}

  /** The thread with the least to do, for a new connection; by turns where several have the same. */
  size_t assign();
  std::vector<size_t> subscriptions() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Load {
    size_t subscriptions = 0;
    std::deque<Clock::time_point> expected;  // connections that may subscribe soon
  };

  void take(size_t thread);
  void leave(size_t thread);

  mutable std::mutex mutex_;
  std::vector<Load> loads_;
  size_t last_ = 0;
};

/** One of the threads, for a subscription to take its place with. */
struct Seat {
  std::shared_ptr<Seats> seats;
  size_t thread;
  std::shared_ptr<Seats::Taken> take() const { return std::make_shared<Seats::Taken>(seats, thread); }
};

}  // namespace pvaflow
