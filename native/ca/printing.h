#pragma once
#include <functional>
#include <string>

namespace pvaflow::ca {

/**
 * While one lives, what libca would print goes to `tell`, on any thread, which must not wait. It does not say for which
 * context: the oldest of those that live is told.
 *
 * libca prints through a handler that can be replaced for each context, and for the rest through errlogPrintf() of libCom,
 * which the addon defines as well: on Linux the dynamic linker takes this definition. Lines of others (PVXS) pass.
 */
class Printing {
 public:
  using Tell = std::function<void(const std::string& text)>;

  /** On the thread that has a context of libca. */
  explicit Printing(Tell tell);
  ~Printing();
  Printing(const Printing&) = delete;
  Printing& operator=(const Printing&) = delete;

  const Tell tell;
};

}  // namespace pvaflow::ca
