// A bare PVXS server: NTNDArray frames to every pipelined subscriber, as fast as its window allows.
//   pvxs-source --nx 1024 --ny 1024 --dtype u8|u16
// Prints `ready PORT`; ends when its standard input does. Frames come from 16 ready-made arrays: making images costs nothing.
#include <pvxs/nt.h>
#include <pvxs/server.h>
#include <pvxs/sharedpv.h>
#include <pvxs/source.h>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "options.h"
#ifdef WITH_REMEDIES
#include "transport/references.h"
#endif

namespace {

class Frames {
 public:
  Frames(long nx, long ny, bool wide) : nx_(nx), ny_(ny), member_(wide ? "value->ushortValue" : "value->ubyteValue") {
    for (auto& image : images_) image = wide ? make<uint16_t>() : make<uint8_t>();
    prototype = pvxs::nt::NTNDArray{}.create();
  }

  pvxs::Value next(int32_t id) const {
    auto frame = prototype.cloneEmpty();
    frame["uniqueId"] = id;
    frame[member_].from(images_[static_cast<size_t>(id) % images_.size()]);
    frame["dimension"].from(dimensions(frame));
#ifdef WITH_REMEDIES
    pvaflow::transport::lendArrays(frame);
#endif
    return frame;
  }

  pvxs::Value prototype;

 private:
  template <typename T>
  pvxs::shared_array<const void> make() const {
    pvxs::shared_array<T> image(static_cast<size_t>(nx_ * ny_));
    for (size_t i = 0; i < image.size(); i++) image[i] = static_cast<T>(i * 7);
    return image.freeze().template castTo<const void>();
  }

  pvxs::shared_array<const pvxs::Value> dimensions(pvxs::Value& frame) const {
    pvxs::shared_array<pvxs::Value> sizes(2);
    for (size_t i = 0; i < 2; i++) {
      sizes[i] = frame["dimension"].allocMember();
      sizes[i]["size"] = i == 0 ? nx_ : ny_;
    }
    return sizes.freeze();
  }

  long nx_, ny_;
  std::string member_;
  std::array<pvxs::shared_array<const void>, 16> images_;
};

/** One subscriber. All on the server's thread. */
class Subscriber : public std::enable_shared_from_this<Subscriber> {
 public:
  Subscriber(const Frames& frames, std::unique_ptr<pvxs::server::MonitorControlOp> control)
      : frames_(frames), control_(std::move(control)) {}

  void start() {
    control_->setWatermarks(0, 0);
    control_->onStart([self = shared_from_this()](bool on) { if (on) self->pump(); });
    control_->onHighMark([self = shared_from_this()] { self->pump(); });
  }

 private:
  void pump() {
    pvxs::server::MonitorStat state;
    control_->stats(state);
    for (size_t room = state.window - std::min(state.window, state.nQueue); room > 0; room--) {
      control_->forcePost(frames_.next(++id_));
    }
  }

  const Frames& frames_;
  std::unique_ptr<pvxs::server::MonitorControlOp> control_;
  int32_t id_ = 0;
};

class ImageSource : public pvxs::server::Source {
 public:
  explicit ImageSource(const Frames& frames) : frames_(frames) {}

  void onSearch(Search& search) override {
    for (auto& name : search) {
      if (std::string(name.name()) == "bench:image") name.claim();
    }
  }

  void onCreate(std::unique_ptr<pvxs::server::ChannelControl>&& channel) override {
    if (channel->name() != "bench:image") return;
    std::shared_ptr<pvxs::server::ChannelControl> kept(std::move(channel));
    kept->onSubscribe([this, kept](std::unique_ptr<pvxs::server::MonitorSetupOp>&& setup) {
      std::make_shared<Subscriber>(frames_, setup->connect(frames_.prototype))->start();
    });
    kept->onOp([this](std::unique_ptr<pvxs::server::ConnectOp>&& op) { op->connect(frames_.prototype); });
  }

 private:
  const Frames& frames_;
};

}  // namespace

int main(int argc, char** argv) {
  const Options options(argc, argv);
  const Frames frames(options.number("nx", 512), options.number("ny", 512), options.text("dtype", "u8") == "u16");
  pvxs::server::Config config;
  config.interfaces = {"127.0.0.1"};
  config.tcp_port = config.udp_port = 0;
  config.auto_beacon = false;
  auto server = config.build();
  server.addSource("bench", std::make_shared<ImageSource>(frames));
  server.start();
  std::cout << "ready " << server.config().tcp_port << std::endl;
  std::cin.ignore(1 << 30, EOF);
  server.stop();
}
