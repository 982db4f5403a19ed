// A bare PVXS client: monitors a channel of NTNDArray, looks at each frame's id, and counts.
//   pvxs-sink --channel bench:image [--queue 64] [--pipeline 1]        where to look for it: EPICS_PVA_ variables
// Prints `ready` on the first frame, and its counts as one line of JSON for every line on standard input; ends with it.
#include <pvxs/client.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "counts.h"
#include "options.h"

namespace {

class Sink {
 public:
  /** A thread of the client's, once for each time the queue stops being empty. */
  void drain(pvxs::client::Subscription& subscription) {
    std::vector<pvxs::Value> batch;
    do {
      batch.clear();
      subscription.pop(batch, 64);
      const std::lock_guard<std::mutex> guard(mutex_);
      for (const auto& frame : batch) take(frame);
    } while (!batch.empty());
  }

  void print() {
    const std::lock_guard<std::mutex> guard(mutex_);
    counts_.print();
  }

 private:
  void take(const pvxs::Value& frame) {
    if (!frame.isMarked(false, true)) return;  // pvaPy's servers fill a pipeline with updates that change nothing
    if (counts_.received == 0) std::puts("ready"), std::fflush(stdout);
    counts_.frame(frame["uniqueId"].as<int32_t>());
  }

  std::mutex mutex_;
  Counts counts_;
};

}  // namespace

int main(int argc, char** argv) {
  const Options options(argc, argv);
  auto context = pvxs::client::Config::fromEnv().build();
  Sink sink;
  auto subscription = context.monitor(options.text("channel", "bench:image"))
      .record("pipeline", options.number("pipeline", 1) != 0)
      .record("queueSize", static_cast<int32_t>(options.number("queue", 64)))
      .event([&sink](pvxs::client::Subscription& s) {
        try {
          sink.drain(s);
        } catch (std::exception& error) {
          std::cerr << error.what() << std::endl;
        }
      })
      .exec();
  for (std::string line; std::getline(std::cin, line);) sink.print();
}
