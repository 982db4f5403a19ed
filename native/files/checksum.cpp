#include "checksum.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "../errors.h"
#include "digests.h"

namespace pvaflow::files {

namespace {

/** So little that it is still in the processor's cache when it is summed up. */
constexpr size_t kPiece = 256 * 1024;

/** A file that is open for reading. */
class Reader {
 public:
  explicit Reader(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (file_ < 0) raise();
  }
  ~Reader() { ::close(file_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /** 0 at the end. */
  size_t read(void* into, size_t most) {
    for (;;) {
      const ssize_t count = ::read(file_, into, most);
      if (count >= 0) return static_cast<size_t>(count);
      if (errno != EINTR) raise();
    }
  }

 private:
  [[noreturn]] static void raise() { throw std::system_error(errno, std::generic_category()); }

  int file_;
};

/** @param pieces how many were read, for another thread to look at */
std::string checksumOf(const std::string& path, Digest& digest, int32_t* pieces) {
  Reader reader(path);
  std::vector<char> piece(kPiece);
  for (int32_t read = 0; const size_t count = reader.read(piece.data(), piece.size());) {
    digest.add(piece.data(), count);
    __atomic_store_n(pieces, ++read, __ATOMIC_RELAXED);
  }
  return digest.finish();
}

/** Owns itself. */
class Summing : public Napi::AsyncWorker {
 public:
  Summing(Napi::Env env, std::string path, std::unique_ptr<Digest> digest, Napi::Int32Array pieces)
      : Napi::AsyncWorker(env, "pvaflow checksum"),
        deferred_(Napi::Promise::Deferred::New(env)),
        path_(std::move(path)),
        digest_(std::move(digest)),
        piecesOwner_(Napi::Persistent(Napi::Object(pieces))),
        pieces_(pieces.Data()) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { checksum_ = checksumOf(path_, *digest_, pieces_); }
  void OnOK() override { deferred_.Resolve(Napi::String::New(Env(), checksum_)); }
  void OnError(const Napi::Error& error) override {
    try {
      fail(Env(), "PVAFLOW_FILE_CHECKSUM", "no checksum can be made of " + path_ + ": " + error.Message());
    } catch (const Napi::Error& coded) {
      deferred_.Reject(coded.Value());
    }
  }

 private:
  Napi::Promise::Deferred deferred_;
  const std::string path_;
  std::unique_ptr<Digest> digest_;
  const Napi::ObjectReference piecesOwner_;
  int32_t* const pieces_;
  std::string checksum_;
};

}  // namespace

Napi::Value checksumOfFile(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string path = info[0].ToString();
  auto digest = guarded(env, "PVAFLOW_OPTION", [&] { return digestNamed(info[1].ToString()); });
  auto* worker = new Summing(env, path, std::move(digest), info[2].As<Napi::Int32Array>());
  const Napi::Promise promise = worker->promise();
  worker->Queue();
  return promise;
}

}  // namespace pvaflow::files
