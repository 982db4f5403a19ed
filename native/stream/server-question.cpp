#include "server-question.h"

#include <string>

namespace pvaflow::stream {

using namespace pvxs::members;

pvxs::Value noOptions() { return pvxs::TypeDef(pvxs::TypeCode::Struct, {Struct("field", {})}).create(); }

pvxs::Value serverQuestion() {
  auto question = pvxs::TypeDef(pvxs::TypeCode::Struct, "epics:nt/NTURI:1.0",
                                {String("scheme"), String("path"), Struct("query", {String("op")})})
                      .create();
  question["scheme"] = "pva";
  question["path"] = kQuestionChannel;
  question["query.op"] = "info";
  return question;
}

bool keepsToPipelines(const pvxs::Value& answer) {
  std::string version;
  return answer["version"].as(version) && version.rfind("PVXS", 0) == 0;
}

}  // namespace pvaflow::stream
