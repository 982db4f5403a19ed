#include "whole-file.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace pvaflow::files {

namespace {

constexpr size_t kMostParts = 1024;  // IOV_MAX of Linux and macOS

/** Moves the beginning of the parts behind what was written. */
void skip(std::vector<iovec>& parts, size_t& first, size_t bytes) {
  for (; first < parts.size() && bytes >= parts[first].iov_len; first++) bytes -= parts[first].iov_len;
  if (first == parts.size()) return;
  parts[first].iov_base = static_cast<char*>(parts[first].iov_base) + bytes;
  parts[first].iov_len -= bytes;
}

/** 0, or the number of the error. */
int writeAll(int file, std::vector<iovec> parts) {
  for (size_t first = 0; first < parts.size();) {
    const ssize_t count = ::writev(file, &parts[first], static_cast<int>(std::min(kMostParts, parts.size() - first)));
    if (count >= 0) skip(parts, first, static_cast<size_t>(count));
    else if (errno != EINTR) return errno;
  }
  return 0;
}

int synced(int file) {
#ifdef __APPLE__
  return ::fsync(file) == 0 ? 0 : errno;
#else
  return ::fdatasync(file) == 0 ? 0 : errno;
#endif
}

/** Owns itself. */
class Writing : public Napi::AsyncWorker {
 public:
  Writing(Napi::Env env, std::string temporary, std::string path, const Napi::Array& parts, bool isDurable)
      : Napi::AsyncWorker(env, "pvaflow file"),
        deferred_(Napi::Promise::Deferred::New(env)),
        views_(Napi::Persistent(parts.As<Napi::Object>())),
        temporary_(std::move(temporary)),
        path_(std::move(path)),
        isDurable_(isDurable) {
    for (uint32_t i = 0; i < parts.Length(); i++) add(parts.Get(i));
  }

  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override {
    const int file = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    error_ = file < 0 ? errno : 0;
    if (file < 0) return;
    error_ = writeAll(file, parts_);
    if (error_ == 0 && isDurable_) error_ = synced(file);
    if (::close(file) != 0 && error_ == 0) error_ = errno;  // here, too, a file system over a network may say that it could not write
    if (error_ == 0 && !path_.empty() && std::rename(temporary_.c_str(), path_.c_str()) != 0) error_ = errno;
    if (error_ != 0) ::unlink(temporary_.c_str());
  }

  void OnOK() override { deferred_.Resolve(Napi::Number::New(Env(), error_ == 0 ? static_cast<double>(bytes_) : -error_)); }

 private:
  void add(const Napi::Value& part) {
    if (!part.IsTypedArray()) throw Napi::TypeError::New(part.Env(), "the parts of a file must be typed arrays");
    const auto array = part.As<Napi::TypedArray>();
    const size_t bytes = array.ByteLength();
    if (bytes == 0) return;
    parts_.push_back({static_cast<char*>(array.ArrayBuffer().Data()) + array.ByteOffset(), bytes});
    bytes_ += bytes;
  }

  Napi::Promise::Deferred deferred_;
  Napi::ObjectReference views_;  // their memory stays
  const std::string temporary_;
  const std::string path_;
  const bool isDurable_;
  std::vector<iovec> parts_;
  size_t bytes_ = 0;
  int error_ = 0;
};

}  // namespace

Napi::Value writeFile(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[2].IsArray()) throw Napi::TypeError::New(env, "expected the parts of a file");
  auto* worker = new Writing(env, info[0].ToString(), info[1].ToString(), info[2].As<Napi::Array>(), info[3].ToBoolean());
  const Napi::Promise promise = worker->promise();
  worker->Queue();
  return promise;
}

}  // namespace pvaflow::files
