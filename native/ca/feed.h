#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ca/channel.h"
#include "ca/layout.h"
#include "client/frame-queue.h"
#include "value/frame-size.h"

namespace pvaflow::ca {

/**
 * A monitor of one channel: with every connection asks for units, limits and choices first, then subscribes to the value
 * and to changes of the former, and puts what comes into a bounded queue. The first update after a connection is marked
 * as changed as a whole, later ones as far as they bring something new; all are complete.
 */
class Feed : public Channel {
 public:
  /** `wake` is called when there is something to take, on any thread. */
  Feed(Context& context, const std::string& name, bool text, const FrameQueue::Limits& limits, std::function<void()> wake);

  // JavaScript thread
  void take(size_t most, std::vector<StreamEntry>& out) { queue_.take(most, out); }
  void setPaused(bool paused);
  bool paused() const { return paused_; }
  /** What was not taken is discarded. */
  void close();
  bool closed() const { return closed_; }
  FrameQueue::Stats stats() { return queue_.stats(); }
  /** Updates that did not come: the server could not send them, or they held no value. */
  uint64_t missed() const { return missed_; }

  void refuse(const ClientFailure& failure) override;

 protected:
  void onUp(const std::string& peer) override;
  void onDown() override;
  void beforeEnd() override;

 private:
  /** What is asked of libca for one connection. Made and ended on the thread of the context. */
  struct Session {
    Session(Feed& owner, unsigned at, const Layout& shape);

    Feed& feed;
    const unsigned epoch;
    const Layout layout;
    pvxs::Value base;  // what the updates are copies of: the metadata, marked as far as it is news
    Control control;
    bool first = true;
    int lastStatus = 1;  // of the last update that did not come; ECA_NORMAL when there was none
    FrameSize size;
    evid updates = nullptr;
    evid properties = nullptr;
  };

  static void onControl(event_handler_args arguments);
  static void onUpdate(event_handler_args arguments);
  static void onProperties(event_handler_args arguments);

  void begin();
  void end();
  void subscribe();
  void stopUpdates();
  void miss(Session& session, int status);
  void warnOfLimit(const Layout& layout);
  void adopt(Session& session, Control&& control);
  void push(StreamEntry&& entry);
  void pushEvent(StreamEvent::Kind kind, const std::string& text = "", const char* code = nullptr);

  const bool text_;
  FrameQueue queue_;
  const std::function<void()> wake_;
  std::atomic<bool> paused_{false};
  std::atomic<bool> closed_{false};
  std::atomic<uint64_t> missed_{0};
  std::atomic<unsigned> epoch_{0};  // counts connections and their ends: odd while connected
  std::unique_ptr<Session> session_;
};

}  // namespace pvaflow::ca
