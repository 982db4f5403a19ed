#pragma once

namespace pvaflow {

/** A thread that works for a client, and ends before it. */
class ClientThread {
 public:
  virtual ~ClientThread() = default;
  /** Any thread: asks it to end. Does not wait, and may be called again. */
  virtual void halt() = 0;
  /** Waits until it has ended. Once. */
  virtual void join() = 0;
};

}  // namespace pvaflow
