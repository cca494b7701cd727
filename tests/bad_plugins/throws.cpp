// Lets an exception leave a function.
#include <stdexcept>

#include <weir/weir.h>

WEIR_INFO(
    "{\"abi\":\"1.0\",\"needs_abi\":\"1.0\",\"name\":\"throws\",\"version\":\"1.0.0\","
    "\"components\":{\"throws\":{\"kind\":\"transformer\",\"summary\":\"Throws.\",\"schema\":{\"type\":\"object\"}}}}");

namespace {

weir_status create(const weir_context*, const ArrowSchema* const* inputs, const weir_string*, uint64_t,
                   const weir_schema_sink* outputs, void** self, weir_error*) {
  *self = nullptr;
  return outputs->same(outputs, weir_string{"", 0}, inputs[0]);
}

weir_status process(void*, uint64_t, weir_batch*, const weir_next*, weir_error*) { throw std::runtime_error("oops"); }

void destroy(void*) {}

const weir_transformer kTable = {sizeof(weir_transformer), nullptr, create, process, destroy, nullptr, nullptr};
const weir_component kComponent = {
    sizeof(weir_component), {"throws", 6}, {"{}", 2}, WEIR_KIND_TRANSFORMER, 0, &kTable, nullptr};
const weir_component* const kComponents[] = {&kComponent};
const weir_plugin kPlugin = {sizeof(weir_plugin),
                             WEIR_ABI,
                             WEIR_VERSION(1, 0),
                             {"throws", 6},
                             {"1.0.0", 5},
                             [](const weir_host*, weir_error*) -> weir_status { return WEIR_OK; },
                             [] {},
                             1,
                             kComponents};

}  // namespace

extern "C" WEIR_EXPORT const weir_plugin* weir_plugin_v1(void) { return &kPlugin; }
