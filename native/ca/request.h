#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "ca/channel.h"
#include "ca/layout.h"
#include "ca/put-data.h"

namespace pvaflow::ca {

/** How a request ended; `failure.code` is null when it succeeded. */
struct Outcome {
  ClientFailure failure{nullptr, ""};
  pvxs::Value value;  // get: the value; info: an empty one of its type
  Layout layout;      // info: the rest
  std::string peer;
  bool readable = false;
  bool writable = false;
};

/** Something that is asked of a channel once. `done` is called once, on any thread. */
class Request : public Channel {
 public:
  using Done = std::function<void(Outcome&&)>;

  Request(Context& context, const std::string& name, Done done) : Channel(context, name), done_(std::move(done)) {}

  void refuse(const ClientFailure& failure) override { fail(failure); }
  /** Any thread: whether a server has been found. */
  bool reached() const { return reached_; }

 protected:
  void onUp(const std::string& peer) override;
  void onDown() override {}
  /** Thread of the context, with every connection until it is over. */
  virtual void begin() = 0;

  void finish(Outcome&& outcome);
  void fail(const ClientFailure& failure);
  const std::string& peer() const { return peer_; }

 private:
  const Done done_;
  std::string peer_;
  std::atomic<bool> reached_{false};
  std::atomic<bool> over_{false};
};

/** The value with its metadata. Asked again when the connection is lost before it came. */
class GetRequest : public Request {
 public:
  GetRequest(Context& context, const std::string& name, bool text, Done done)
      : Request(context, name, std::move(done)), text_(text) {}

 protected:
  void begin() override;

 private:
  static void onControl(event_handler_args arguments);
  static void onValue(event_handler_args arguments);
  void askValue(const Control& control);
  void failUnlessLost(int status);

  const bool text_;
  Layout layout_;
  pvxs::Value value_;
};

/** Its type, and where it is. */
class InfoRequest : public Request {
 public:
  InfoRequest(Context& context, const std::string& name, bool text, Done done)
      : Request(context, name, std::move(done)), text_(text) {}

 protected:
  void begin() override;

 private:
  const bool text_;
};

/** Sends a value once; with `wait` it is over when the server has processed it. */
class PutRequest : public Request {
 public:
  PutRequest(Context& context, const std::string& name, PutData data, bool wait, Done done)
      : Request(context, name, std::move(done)), data_(std::move(data)), wait_(wait) {}

 protected:
  void begin() override;
  void onDown() override;

 private:
  static void onProcessed(event_handler_args arguments);
  void send(const PutBuffer& buffer);

  const PutData data_;
  const bool wait_;
  std::atomic<bool> sent_{false};
};

}  // namespace pvaflow::ca
