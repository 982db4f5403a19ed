#pragma once
#include <napi.h>
#include <pvxs/source.h>

#include <chrono>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dispatcher.h"
#include "distributor.h"
#include "feeder.h"
#include "seats.h"
#include "subscriber.h"

namespace pvaflow {

/** Who asks: as the client says of itself; nothing of it is verified. */
struct Requester {
  std::string peer;  // address:port
  std::string account;
  std::string method;
};

/** A client of the distributor that has left, and what became of what it had not got. */
struct Departure {
  DistributorRequest request;
  std::string peer;
  uint64_t sent;
  uint64_t unacknowledged;  // of these, with a pipeline; 0 without one
  std::vector<int64_t> unacknowledgedIds;
  Handover handover;
};

/** The JavaScript side of a channel. All calls on the JavaScript thread. */
class ChannelListener {
 public:
  virtual ~ChannelListener() = default;
  /** A client put `value` (changed fields marked): to be answered by reply() or refuse() with `id`. */
  virtual void onPut(Napi::Env env, uint32_t id, pvxs::Value&& value, const Requester& requester) = 0;
  /** A client called with `argument`, which may be empty: to be answered the same way. */
  virtual void onRpc(Napi::Env env, uint32_t id, pvxs::Value&& argument, const Requester& requester) = 0;
  /** All subscribers that held up the source are half empty again. Once for each post that returned `full`. */
  virtual void onRoom(Napi::Env env) = 0;
  /** The number of subscribers has changed. */
  virtual void onSubscribers(Napi::Env env, size_t count) = 0;
  virtual void onDeparture(Napi::Env env, const Departure& departure) = 0;
};

/**
 * A channel as the threads of PVXS see it: its type and current value, its clients, one ring for each subscriber.
 *
 * Locking: one lock, held for short work only and never while waiting for a thread of PVXS, nor while a frame is copied for a client. Threads of PVXS never wait for
 * JavaScript: what JavaScript has to do goes through the dispatcher.
 */
class ServedChannel : public std::enable_shared_from_this<ServedChannel> {
 public:
  struct Options {
    RingLimits limits;
    bool acceptsPut = false;
    bool acceptsRpc = false;
  };
  /** What post() asks of its caller: nothing, a flush() soon, or to wait for onRoom() (a waiting subscriber is full). */
  enum class Posted { done, flush, full };
  struct SubscriberReport {
    std::string peer;
    Ring::Counters counters;
    size_t frames;
    size_t bytes;
    uint64_t sharedArrays;
    Subscriber::State state;
    RequestOptions options;
  };
  struct Report {
    uint64_t posted;
    uint64_t dropped;  // updates that subscribers lost by the policy, those that have left among them
    uint64_t handedOver;
    uint64_t abandoned;
    uint64_t waiting;    // monitors that wait for a type
    std::vector<SubscriberReport> subscribers;
    std::vector<Distributor::GroupReport> groups;
  };

  ServedChannel(std::string name, const Options& options, std::shared_ptr<Dispatcher> dispatcher, std::shared_ptr<Feeder> feeder)
      : name_(std::move(name)), options_(options), dispatcher_(std::move(dispatcher)), feeder_(std::move(feeder)) {}

  // --- JavaScript thread
  const std::string& name() const { return name_; }
  void listen(ChannelListener* listener) { listener_ = listener; }
  /** Sets the type and the value. Clients of an earlier type are disconnected and come back. Waits for the server's thread. */
  void open(pvxs::Value&& initial);
  /** Disconnects all clients; the name is not claimed any more. Waits for the server's thread. Idempotent. */
  void close();
  /** An empty value of the channel's type; not valid while there is no type. */
  pvxs::Value prototype() const;
  /** A copy of the complete current value; not valid while there is no type. */
  pvxs::Value current() const;
  /** True after post() returned `full` until onRoom(): nothing may be posted. */
  bool awaitsRoom() const;
  /**
   * Adds updates for all subscribers. Each wake-up of PVXS makes the two threads contend, so updates that follow each
   * other closely are handed over together: some at a time, or by flush() at the end of the caller's turn.
   */
  Posted post(std::vector<pvxs::Value>&& updates);
  void flush();
  void reply(uint32_t id, const pvxs::Value& value);
  void refuse(uint32_t id, const std::string& message);
  Report report() const;

  // --- threads of PVXS
  /** True if clients that search for the channel find it here, also while it has no type yet. */
  bool claims() const;
  void attach(std::unique_ptr<pvxs::server::ChannelControl>&& control, const Seat& seat);
  /** The feeder's thread. Moves what it can to PVXS; returns how many frames. */
  size_t feed();

 private:
  using Control = std::shared_ptr<pvxs::server::ChannelControl>;

  void connect(std::unique_ptr<pvxs::server::ConnectOp>&& op);
  void get(std::unique_ptr<pvxs::server::ExecOp>&& op, const pvxs::Value& prototype);
  void execute(std::unique_ptr<pvxs::server::ExecOp>&& op, pvxs::Value&& value, bool rpc);
  void subscribe(std::unique_ptr<pvxs::server::MonitorSetupOp>&& setup, const Seat& seat);
  void unsubscribe(const std::shared_ptr<Subscriber>& subscriber);
  void waitForType(const std::shared_ptr<pvxs::server::MonitorSetupOp>& setup);
  void feedOne(Subscriber& subscriber);
  void started(Subscriber& subscriber, bool started);
  void announceSubscribers();
  void announceDeparture(const Departure& departure);
  void disconnect();

  // with the lock held
  void remember(const pvxs::Value& update);
  void mergeIntoBase();
  size_t lostWith(const Subscriber& subscriber) const;
  pvxs::Value currentLocked() const;
  void add(pvxs::Value&& update);
  void join(const std::shared_ptr<Subscriber>& subscriber);
  void leaveLocked(const std::shared_ptr<Subscriber>& subscriber, Subscriber::Lock& lock);
  Frame completeFrame() const;
  bool fullLocked() const;
  bool roomyLocked() const;
  /** True if what was posted goes to PVXS now and not with the next flush(). */
  bool mustFeed() const;
  size_t feedLocked(Subscriber::Lock& lock);
  size_t feedLocked(Subscriber& subscriber, Subscriber::Lock& lock);
  void announceRoomLocked();

  const std::string name_;
  const Options options_;
  const std::shared_ptr<Dispatcher> dispatcher_;
  const std::shared_ptr<Feeder> feeder_;
  ChannelListener* listener_ = nullptr;  // JavaScript thread only

  mutable std::mutex mutex_;
  bool closed_ = false;
  pvxs::Value prototype_;
  // The current value is `base_` with `latest_` merged in: posts that mark the same fields need not be merged one by one.
  pvxs::Value base_;
  pvxs::Value latest_;
  std::list<std::weak_ptr<pvxs::server::ChannelControl>> clients_;
  std::vector<std::shared_ptr<Subscriber>> subscribers_;
  size_t waiting_ = 0;  // monitors that wait for a type
  Distributor distributor_;  // of those among them that ask for it
  std::map<uint32_t, std::shared_ptr<pvxs::server::ExecOp>> executing_;
  uint32_t lastId_ = 0;
  uint64_t posted_ = 0;
  uint64_t uniformSince_ = 0;    // number of the first of the latest updates that all marked the same fields
  uint64_t droppedForGone_ = 0;  // of subscribers that have left
  Handover handovers_;           // of clients of the distributor that have left
  bool roomAwaited_ = false;    // from post() returning `full` until onRoom()
  bool roomAnnounced_ = false;  // onRoom() is on its way
  size_t unfed_ = 0;  // updates since the source's thread last fed
  bool flushWanted_ = false;
  std::chrono::steady_clock::time_point lastFeed_{};
  bool subscribersAnnounced_ = false;
};

}  // namespace pvaflow
