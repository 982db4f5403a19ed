#include "end-watch.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <csignal>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "errors.h"

namespace pvaflow::ending {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::array<int, 2> kSignals{SIGINT, SIGTERM};
constexpr milliseconds kTick{50};
/** How long a reader of stderr may take. */
constexpr milliseconds kPatience{500};

using Pipe = std::array<int, 2>;

Pipe newPipe() {
  Pipe ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe can be made");
  for (const int end : ends) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, O_NONBLOCK);
  }
  return ends;
}

/** Never closed: a handler on another thread may be about to write into it, which would then go into the file that is opened next. */
const Pipe& lastingPipe() {
  static const Pipe pipe = newPipe();
  return pipe;
}

/** What handlers write the number of their signal into; below 0: nobody watches. */
std::atomic<int> signalPipe{-1};
/** The handlers before ours, which are called too. */
std::array<struct sigaction, kSignals.size()> handlersBefore;

/** Runs on any thread, between any two instructions: it may call nothing but what POSIX lets a handler call. */
void onSignal(int number, siginfo_t* info, void* context) {
  const int errorBefore = errno;
  const auto byte = static_cast<unsigned char>(number);
  const int pipe = signalPipe.load();
  if (pipe >= 0 && ::write(pipe, &byte, 1) < 0) {
    // it is full: so many signals have been seen
  }
  errno = errorBefore;
  for (size_t i = 0; i < kSignals.size(); i++) {
    if (kSignals[i] != number) continue;
    const struct sigaction& before = handlersBefore[i];
    if ((before.sa_flags & SA_SIGINFO) != 0) before.sa_sigaction(number, info, context);
    else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) before.sa_handler(number);
  }
}

void install() {
  for (size_t i = 0; i < kSignals.size(); i++) {
    struct sigaction action {};
    action.sa_sigaction = onSignal;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    ::sigfillset(&action.sa_mask);
    ::sigaction(kSignals[i], nullptr, &handlersBefore[i]);
    ::sigaction(kSignals[i], &action, nullptr);
  }
}

/** Puts the handlers back, unless somebody has put others in the place of ours. */
void uninstall() {
  for (size_t i = 0; i < kSignals.size(); i++) {
    struct sigaction now {};
    ::sigaction(kSignals[i], nullptr, &now);
    if ((now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == onSignal) ::sigaction(kSignals[i], &handlersBefore[i], nullptr);
  }
}

/**
 * Writes what stderr takes. Somebody may have it open and not read, as in a terminal that was stopped by Ctrl-S: JavaScript is then stuck
 * because it waits for that, and who waited here would not end the process either. What is writable takes so much as one piece at once.
 */
void say(const std::string& text) {
  size_t written = 0;
  while (written < text.size()) {
    pollfd waiting{STDERR_FILENO, POLLOUT, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(kPatience.count()));
    if (ready == 0 || (ready < 0 && errno != EINTR)) return;
    if (ready < 0) continue;
    const ssize_t count = ::write(STDERR_FILENO, text.data() + written, std::min<size_t>(text.size() - written, PIPE_BUF));
    if (count < 0 && errno != EINTR && errno != EAGAIN) return;
    if (count > 0) written += static_cast<size_t>(count);
  }
}

struct Limits {
  milliseconds remark;
  milliseconds limit;
  milliseconds grace;
};

/** The thread that watches, and what it knows. */
class Watcher {
 public:
  Watcher(const Limits& limits, std::string remark) : limits_(limits), remark_(std::move(remark)) {
    unsigned char left = 0;
    while (::read(pipe_[0], &left, 1) == 1) {
    }
    thread_ = std::thread([this] { run(); });
    signalPipe = pipe_[1];
    install();
  }

  ~Watcher() {
    uninstall();
    signalPipe = -1;
    isClosed_ = true;
    const unsigned char stop = 0;
    while (::write(pipe_[1], &stop, 1) < 0 && errno == EINTR) {
    }
    thread_.join();
  }

  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  void beat(std::string last) {
    const std::lock_guard lock(mutex_);
    last_ = std::move(last);
    beatAt_ = Clock::now();
  }

 private:
  void run() {
    while (!isClosed_) {
      pollfd waiting{pipe_[0], POLLIN, 0};
      ::poll(&waiting, 1, firstAt_ ? static_cast<int>(kTick.count()) : -1);
      readSignals();
      if (firstAt_ && !isClosed_) look(Clock::now());
    }
  }

  void readSignals() {
    unsigned char number = 0;
    while (::read(pipe_[0], &number, 1) == 1) {
      if (number == 0) continue;  // the end of the watch
      signal_ = number;
      if (firstAt_) secondAt_ = secondAt_.value_or(Clock::now());
      else firstAt_ = Clock::now();
    }
  }

  void look(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    const auto silence = now - std::max(beatAt_, *firstAt_);
    const bool isAskedAgain = secondAt_ && now - std::max(beatAt_, *secondAt_) > limits_.grace;
    if (isAskedAgain || silence > limits_.limit) {
      say(last_);
      ::_exit(128 + signal_);
    }
    if (silence <= limits_.remark || isRemarked_) return;
    isRemarked_ = true;
    say(remark_);
  }

  const Limits limits_;
  const std::string remark_;
  const Pipe& pipe_ = lastingPipe();
  std::atomic<bool> isClosed_{false};
  std::mutex mutex_;
  std::string last_;
  Clock::time_point beatAt_ = Clock::now();
  // its thread only
  std::optional<Clock::time_point> firstAt_;
  std::optional<Clock::time_point> secondAt_;
  int signal_ = 0;
  bool isRemarked_ = false;
  std::thread thread_;
};

class EndWatch : public Napi::ObjectWrap<EndWatch> {
 public:
  explicit EndWatch(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EndWatch>(info) {
    if (signalPipe >= 0) fail(info.Env(), "PVAFLOW_OPTION", "the end of this process is watched already");
    const auto ms = [&](size_t at) { return milliseconds(info[at].ToNumber().Int64Value()); };
    guarded(info.Env(), "PVAFLOW_SYSTEM", [&] {
      watcher_ = std::make_unique<Watcher>(Limits{ms(0), ms(1), ms(2)}, info[3].ToString().Utf8Value());
    });
  }

  void beat(const Napi::CallbackInfo& info) {
    if (watcher_) watcher_->beat(info[0].ToString().Utf8Value());
  }

  void close(const Napi::CallbackInfo& info) { watcher_.reset(); }

 private:
  std::unique_ptr<Watcher> watcher_;
};

}  // namespace

Napi::Function define(Napi::Env env) {
  return EndWatch::DefineClass(env, "EndWatch",
                               {EndWatch::InstanceMethod("beat", &EndWatch::beat), EndWatch::InstanceMethod("close", &EndWatch::close)});
}

}  // namespace pvaflow::ending
