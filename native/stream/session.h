#pragma once
#include <pvxs/data.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "input.h"
#include "output.h"
#include "socket.h"
#include "value-reader.h"
#include "wire-type.h"

namespace pvaflow::stream {

/** Who is told what a session brings. On the session's thread; what they throw ends the session. */
class SessionListener {
 public:
  virtual ~SessionListener() = default;
  /** The server has accepted the monitor: whatever the channel shows from now on is for this client, too. */
  virtual void onConnected() = 0;
  /** `whole`: all fields came; else those that did not are unset. */
  virtual void onUpdate(pvxs::Value&& value, bool whole, bool overrun) = 0;
  /** The server will send nothing more. */
  virtual void onFinished() = 0;
  virtual void onRefused(const std::string& message) = 0;
  /** The session is about to wait for the network. */
  virtual void onWaiting() = 0;
};

/** Whether the server shall keep to a window that the client opens; `ask`: if it is known to do that right (server-question.h). */
enum class Pipeline { no, yes, ask };

/** What is monitored. */
struct MonitorTarget {
  std::string channel;
  pvxs::Value request;
  Pipeline pipeline = Pipeline::no;
  uint32_t window = 4;  // of the pipeline, in updates
  double timeout = 40;  // seconds without a sign of life after which either side gives the other up
};

/** One connection to one server, for one monitored channel: from the first byte to the last. */
class Session {
 public:
  /** Connects. Throws Lost, Halted. */
  Session(const std::string& peer, const MonitorTarget& target, SessionListener& listener, const std::atomic<bool>& halted,
          const std::atomic<bool>& paused);

  /** Reads until the stream has ended. Throws Lost, Halted, Malformed. */
  void run();

  /** The session's thread, now and then while it does not read: shows the server that somebody is there. */
  void keepAlive();

  /** Whether the monitor has a pipeline; nothing while the server is asked what it is. The session's thread. */
  std::optional<bool> pipeline() const { return pipeline_; }

  /** Any thread: so many updates of a pipeline were taken. */
  void acknowledge(uint32_t count);
  /** Any thread, when `paused` has changed: the server is told. */
  void followPause();
  /** Any thread: run() ends. */
  void shutdown() { socket_.shutdown(); }

 private:
  using Clock = std::chrono::steady_clock;

  pvxs::Value request();
  void handle(uint8_t command);
  void onValidation();
  void onValidated();
  void onChannel();
  void onChannelDestroyed();
  void createChannel(uint32_t id, const std::string& name);
  void ask(uint8_t subcommand, const pvxs::Value& argument);
  void onAnswer();
  void decide(bool pipeline);
  void onMonitor();
  void onUpdate(bool mayBeEmpty);
  bool readStatus(std::string& message);
  void send(const Output& message) { socket_.send(message.bytes()); }
  Output message(uint8_t command) const { return Output(command, bigEndian_); }
  Output monitorMessage(uint8_t subcommand) const;

  const MonitorTarget& target_;
  SessionListener& listener_;
  const std::atomic<bool>& paused_;
  Socket socket_;
  Input input_;
  TypeReader types_;
  std::unique_ptr<shared::Inbox> inbox_;
  ValueReader values_;
  WireTypePtr type_;
  std::atomic<bool> bigEndian_{false};
  std::atomic<uint32_t> serverId_{0};
  std::optional<bool> pipeline_;
  uint32_t questionId_ = 0;  // the server's number of the channel that is asked what the server is
  std::optional<Clock::time_point> askedAt_;
  std::atomic<bool> ready_{false};  // the server has accepted the monitor
  std::mutex following_;
  bool started_ = false;  // guarded by following_: what the server was told last
  bool ended_ = false;
  Clock::time_point heardAt_, echoedAt_;
};

}  // namespace pvaflow::stream
