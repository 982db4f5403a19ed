#include "offer.h"

#include "shared/memory.h"
#include "value/copy.h"

namespace pvaflow::stream {

bool wantsAll(const pvxs::Value& request) {
  const auto fields = request["field"];
  if (!fields) return true;
  for (const auto field : fields.ichildren())
    if (fields.nameOf(field) != "_") return false;  // that one holds options
  return true;
}

pvxs::Value withOffer(const pvxs::Value& request, const std::string& address) {
  using namespace pvxs::members;
  pvxs::TypeDef type(request);
  type += {Struct("record", {Struct("_options", {String(shared::kOffer)})})};
  pvxs::Value larger = type.create();
  copyInto(larger, request);
  larger["record._options"][shared::kOffer] = address;
  return larger;
}

}  // namespace pvaflow::stream
