#pragma once
#include <cadef.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "client/client-errors.h"

namespace pvaflow::ca {

class Context;

/** The PVAFLOW_ code and the text for a status of libca that is not ECA_NORMAL. */
ClientFailure failureOf(int status);

/**
 * One channel as libca knows it. The context owns it from Context::open() until it has been cleared, since libca's
 * callbacks know it by a bare pointer; whoever opened it may keep it longer.
 *
 * `on…` of connections are called on a thread of libca, one at a time for all channels of a context; they must not call
 * libca and must not wait. All else that derived classes do with libca happens on the thread of the context.
 */
class Channel : public std::enable_shared_from_this<Channel> {
 public:
  Channel(Context& context, const std::string& name) : context_(context), name_(name) {}
  virtual ~Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // thread of the context
  void create();
  /** It is told nothing more, but stays connected. */
  void retire();
  /** When it returns, libca calls nothing of this channel any more. */
  void clear();
  bool connected() const { return id_ && ca_state(id_) == cs_conn; }
  /** Name and port of its server. */
  std::string server() const;
  /** It cannot be searched for. */
  virtual void refuse(const ClientFailure& failure) = 0;

 protected:
  virtual void onUp(const std::string& peer) = 0;
  virtual void onDown() = 0;
  /** Thread of the context: nothing is to be asked of libca any more. May be called again. */
  virtual void beforeEnd() {}

  /** Runs `call` on the thread of the context, unless the channel has been retired or cleared by then. */
  void later(std::function<void()> call);
  void log(const char* level, const std::string& text);
  const std::string& name() const { return name_; }
  /** Thread of the context. */
  chid id() const { return id_; }

 private:
  static void onConnection(connection_handler_args arguments);

  Context& context_;  // outlives every callback
  const std::string name_;
  chid id_ = nullptr;
  std::atomic<bool> retired_{false};
};

}  // namespace pvaflow::ca
