#include "printing.h"

#include <cadef.h>
#include <errlog.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <vector>

#include "text.h"

#if defined(__linux__)
#include <dlfcn.h>
#endif

namespace pvaflow::ca {

namespace {

constexpr size_t kLineBytes = 1000;

std::mutex mutex;
std::vector<const Printing*> living;  // guarded by mutex

int print(const char* format, va_list arguments) {
  char line[kLineBytes];
  const int length = std::vsnprintf(line, sizeof line, format, arguments);
  const std::string text = trimmed(textFromCa(line, sizeof line));
  const std::lock_guard<std::mutex> guard(mutex);
  if (!living.empty() && !text.empty()) living.front()->tell(text);
  return length;
}

}  // namespace

Printing::Printing(Tell tellOne) : tell(std::move(tellOne)) {
  ca_replace_printf_handler(print);
  const std::lock_guard<std::mutex> guard(mutex);
  living.push_back(this);
}

Printing::~Printing() {
  const std::lock_guard<std::mutex> guard(mutex);
  living.erase(std::find(living.begin(), living.end(), this));
}

#if defined(__linux__)

namespace {

bool isLibca(void* address) {
  Dl_info caller;
  Dl_info libca;
  return dladdr(address, &caller) && dladdr(reinterpret_cast<void*>(&ca_context_create), &libca) && caller.dli_fbase == libca.dli_fbase;
}

}  // namespace

#endif

}  // namespace pvaflow::ca

#if defined(__linux__)
extern "C" int errlogPrintf(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const bool ours = pvaflow::ca::isLibca(__builtin_return_address(0));
  const int length = ours ? pvaflow::ca::print(format, arguments) : errlogVprintf(format, arguments);
  va_end(arguments);
  return length;
}
#endif
